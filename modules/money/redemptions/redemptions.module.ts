import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IntegrityService } from '../../ledger/integrity/integrity.service';
import { LedgerModule } from '../../ledger/ledger.module';
import { IdempotencyModule } from '../../platform/idempotency/idempotency.module';
import { JobsModule } from '../../platform/jobs/jobs.module';
import { MailModule } from '../../platform/mail/mail.module';
import { NotificationsModule } from '../../platform/notifications/notifications.module';
import { WebModule } from '../../platform/web/web.module';
import { WebhooksModule } from '../../platform/webhooks/webhooks.module';
import { DocumentsModule } from '../../rules/documents/documents.module';
import { PayoutAccountsModule } from '../payout-accounts/payout-accounts.module';
import { WalletsModule } from '../wallets/wallets.module';
import { BulkPayoutsService } from './bulk-payouts.service';
import { REDEMPTION_CHECKS } from './integrity-checks';
import { PaymentFilesService } from './payment-files.service';
import { RequestMails } from './request-mails.service';
import { PaymentFileEntry } from './payment-file-entry.entity';
import { Withdrawal } from './withdrawal.entity';
import { WithdrawalsController } from './withdrawals.controller';
import { WithdrawalsService } from './withdrawals.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([Withdrawal, PaymentFileEntry]),
    DocumentsModule,
    IdempotencyModule,
    JobsModule,
    LedgerModule,
    MailModule,
    NotificationsModule,
    PayoutAccountsModule,
    WalletsModule,
    WebModule,
    WebhooksModule,
  ],
  providers: [BulkPayoutsService, PaymentFilesService, RequestMails, WithdrawalsService],
  controllers: [WithdrawalsController],
  exports: [WithdrawalsService],
})
export class RedemptionsModule {
  constructor(integrity: IntegrityService) {
    integrity.register('redemptions', REDEMPTION_CHECKS);
  }
}
