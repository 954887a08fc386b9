import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { InvitationsModule } from '../invitations/invitations.module';
import { JobsModule } from '../jobs/jobs.module';
import { LedgerModule } from '../ledger/ledger.module';
import { MailModule } from '../mail/mail.module';
import { PartnersModule } from '../partners/partners.module';
import { TermsModule } from '../terms/terms.module';
import { WalletsModule } from '../wallets/wallets.module';
import { WebModule } from '../web/web.module';
import { ExportService } from './export/export.service';
import { ErasureService } from './leaving/erasure.service';
import { LeavingService } from './leaving/leaving.service';
import { ProfileController } from './profile.controller';
import { ProfileService } from './profile.service';
import { RetentionService } from './retention/retention.service';

@Module({
  imports: [
    AccountsModule,
    InvitationsModule,
    JobsModule,
    LedgerModule,
    MailModule,
    PartnersModule,
    TermsModule,
    WalletsModule,
    WebModule,
  ],
  providers: [ErasureService, ExportService, LeavingService, ProfileService, RetentionService],
  controllers: [ProfileController],
})
export class ProfileModule {}
