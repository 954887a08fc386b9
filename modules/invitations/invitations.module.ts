import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module';
import { JobsModule } from '../jobs/jobs.module';
import { MailModule } from '../mail/mail.module';
import { PartnersModule } from '../partners/partners.module';
import { TermsModule } from '../terms/terms.module';
import { WebModule } from '../web/web.module';
import { Allowance } from './allowances/allowance.entity';
import { InvitationLetter } from './invitation-letter.service';
import { InvitationToken } from './invitation-token.entity';
import { Invitation } from './invitation.entity';
import { InvitationsController } from './invitations.controller';
import { InvitationsService } from './invitations.service';
import { LevelZeroLink } from './links/level-zero-link.entity';
import { LinksController } from './links/links.controller';
import { LinksService } from './links/links.service';
import { ApprovalsController } from './registrations/approvals.controller';
import { RegistrationsController } from './registrations/registrations.controller';
import { RegistrationsService } from './registrations/registrations.service';
import { SuppressedAddress } from './suppressed-address.entity';

@Module({
  imports: [
    TypeOrmModule.forFeature([Invitation, InvitationToken, SuppressedAddress, LevelZeroLink, Allowance]),
    AccountsModule,
    JobsModule,
    MailModule,
    PartnersModule,
    TermsModule,
    WebModule,
  ],
  providers: [InvitationsService, InvitationLetter, LinksService, RegistrationsService],
  controllers: [InvitationsController, LinksController, RegistrationsController, ApprovalsController],
  exports: [InvitationsService, LinksService],
})
export class InvitationsModule {}
