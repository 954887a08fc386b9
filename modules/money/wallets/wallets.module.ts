import { Module } from '@nestjs/common';
import { LedgerModule } from '../../ledger/ledger.module';
import { PartnersModule } from '../../people/partners/partners.module';
import { IdempotencyModule } from '../../platform/idempotency/idempotency.module';
import { MailModule } from '../../platform/mail/mail.module';
import { NotificationsModule } from '../../platform/notifications/notifications.module';
import { WebModule } from '../../platform/web/web.module';
import { AdjustmentsService } from './adjustments.service';
import { WalletsController } from './wallets.controller';
import { WalletsService } from './wallets.service';

@Module({
  imports: [IdempotencyModule, LedgerModule, MailModule, NotificationsModule, PartnersModule, WebModule],
  providers: [AdjustmentsService, WalletsService],
  controllers: [WalletsController],
  exports: [WalletsService],
})
export class WalletsModule {}
