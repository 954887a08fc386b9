import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module';
import { JobsModule } from '../jobs/jobs.module';
import { LedgerModule } from '../ledger/ledger.module';
import { MailModule } from '../mail/mail.module';
import { NotificationsModule } from '../notifications/notifications.module';
import { PartnersModule } from '../partners/partners.module';
import { SettingsModule } from '../settings/settings.module';
import { TermsModule } from '../terms/terms.module';
import { WebModule } from '../web/web.module';
import { AdjustmentsService } from './adjustments.service';
import { IdempotencyKey } from './idempotency/idempotency-key.entity';
import { IdempotencyService } from './idempotency/idempotency.service';
import { PayoutAccount } from './payout-accounts/payout-account.entity';
import { PayoutAccountsController } from './payout-accounts/payout-accounts.controller';
import { PayoutAccountsService } from './payout-accounts/payout-accounts.service';
import { StatementsService } from './statements/statements.service';
import { WalletsController } from './wallets.controller';
import { WalletsService } from './wallets.service';
import { BulkPayoutsService } from './withdrawals/bulk-payouts.service';
import { PaymentFilesService } from './withdrawals/payment-files.service';
import { RequestMails } from './withdrawals/request-mails.service';
import { Withdrawal } from './withdrawals/withdrawal.entity';
import { WithdrawalsController } from './withdrawals/withdrawals.controller';
import { WithdrawalsService } from './withdrawals/withdrawals.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([IdempotencyKey, PayoutAccount, Withdrawal]),
    AccountsModule,
    JobsModule,
    LedgerModule,
    MailModule,
    NotificationsModule,
    PartnersModule,
    SettingsModule,
    TermsModule,
    WebModule,
  ],
  providers: [
    AdjustmentsService,
    BulkPayoutsService,
    IdempotencyService,
    PaymentFilesService,
    PayoutAccountsService,
    RequestMails,
    StatementsService,
    WalletsService,
    WithdrawalsService,
  ],
  controllers: [PayoutAccountsController, WalletsController, WithdrawalsController],
  exports: [PayoutAccountsService, StatementsService, WalletsService, WithdrawalsService],
})
export class WalletsModule {}
