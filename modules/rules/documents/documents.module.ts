import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { NotificationsModule } from '../../platform/notifications/notifications.module';
import { WebModule } from '../../platform/web/web.module';
import { WebhooksModule } from '../../platform/webhooks/webhooks.module';
import { ReceiptsService } from './receipts.service';
import { TermsAcceptance } from './terms-acceptance.entity';
import { TermsVersion } from './terms-version.entity';
import { TermsController } from './terms.controller';
import { TermsService } from './terms.service';

@Module({
  imports: [TypeOrmModule.forFeature([TermsVersion, TermsAcceptance]), NotificationsModule, WebModule, WebhooksModule],
  providers: [TermsService, ReceiptsService],
  controllers: [TermsController],
  exports: [ReceiptsService, TermsService],
})
export class DocumentsModule {}
