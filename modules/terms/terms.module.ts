import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { NotificationsModule } from '../notifications/notifications.module';
import { WebModule } from '../web/web.module';
import { ReceiptsService } from './receipts.service';
import { TermsAcceptance } from './terms-acceptance.entity';
import { TermsController } from './terms.controller';
import { TermsService } from './terms.service';
import { TermsVersion } from './terms-version.entity';

@Module({
  imports: [TypeOrmModule.forFeature([TermsVersion, TermsAcceptance]), NotificationsModule, WebModule],
  providers: [TermsService, ReceiptsService],
  controllers: [TermsController],
  exports: [ReceiptsService, TermsService],
})
export class TermsModule {}
