import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../../people/accounts/accounts.module';
import { MailModule } from '../../platform/mail/mail.module';
import { WebModule } from '../../platform/web/web.module';
import { PayoutAccount } from './payout-account.entity';
import { PayoutAccountsController } from './payout-accounts.controller';
import { PayoutAccountsService } from './payout-accounts.service';

@Module({
  imports: [TypeOrmModule.forFeature([PayoutAccount]), AccountsModule, MailModule, WebModule],
  providers: [PayoutAccountsService],
  controllers: [PayoutAccountsController],
  exports: [PayoutAccountsService],
})
export class PayoutAccountsModule {}
