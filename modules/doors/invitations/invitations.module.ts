import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../../people/accounts/accounts.module';
import { PartnersModule } from '../../people/partners/partners.module';
import { JobsModule } from '../../platform/jobs/jobs.module';
import { MailModule } from '../../platform/mail/mail.module';
import { RetentionModule } from '../../platform/retention/retention.module';
import { RetentionService } from '../../platform/retention/retention.service';
import { ThrottleModule } from '../../platform/throttle/throttle.module';
import { WebModule } from '../../platform/web/web.module';
import { DocumentsModule } from '../../rules/documents/documents.module';
import { InvitationLetter } from './invitation-letter.service';
import { InvitationToken } from './invitation-token.entity';
import { Invitation } from './invitation.entity';
import { InvitationsController } from './invitations.controller';
import { INVITATIONS_RETENTION } from './invitations.queries';
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
    TypeOrmModule.forFeature([Invitation, InvitationToken, SuppressedAddress, LevelZeroLink]),
    AccountsModule,
    JobsModule,
    MailModule,
    PartnersModule,
    DocumentsModule,
    RetentionModule,
    ThrottleModule,
    WebModule,
  ],
  providers: [InvitationsService, InvitationLetter, LinksService, RegistrationsService],
  controllers: [InvitationsController, LinksController, RegistrationsController, ApprovalsController],
  exports: [InvitationsService, LinksService],
})
export class InvitationsModule {
  constructor(retention: RetentionService) {
    retention.register(INVITATIONS_RETENTION);
  }
}
