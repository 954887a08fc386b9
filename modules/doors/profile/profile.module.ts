import { Module } from '@nestjs/common';
import { LedgerModule } from '../../ledger/ledger.module';
import { PayoutAccountsModule } from '../../money/payout-accounts/payout-accounts.module';
import { RedemptionsModule } from '../../money/redemptions/redemptions.module';
import { StatementsModule } from '../../money/statements/statements.module';
import { WalletsModule } from '../../money/wallets/wallets.module';
import { AccountsModule } from '../../people/accounts/accounts.module';
import { PartnersModule } from '../../people/partners/partners.module';
import { JobsModule } from '../../platform/jobs/jobs.module';
import { MailModule } from '../../platform/mail/mail.module';
import { WebModule } from '../../platform/web/web.module';
import { DocumentsModule } from '../../rules/documents/documents.module';
import { InvitationsModule } from '../invitations/invitations.module';
import { ExportService } from './export/export.service';
import { ErasureService } from './leaving/erasure.service';
import { LeavingService } from './leaving/leaving.service';
import { ProfileController } from './profile.controller';
import { ProfileService } from './profile.service';

@Module({
  imports: [
    AccountsModule,
    InvitationsModule,
    JobsModule,
    LedgerModule,
    MailModule,
    PartnersModule,
    DocumentsModule,
    PayoutAccountsModule,
    RedemptionsModule,
    StatementsModule,
    WalletsModule,
    WebModule,
  ],
  providers: [ErasureService, ExportService, LeavingService, ProfileService],
  controllers: [ProfileController],
})
export class ProfileModule {}
