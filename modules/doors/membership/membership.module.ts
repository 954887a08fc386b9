import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../../people/accounts/accounts.module';
import { PartnersModule } from '../../people/partners/partners.module';
import { JobsModule } from '../../platform/jobs/jobs.module';
import { MailModule } from '../../platform/mail/mail.module';
import { WebModule } from '../../platform/web/web.module';
import { DocumentsModule } from '../../rules/documents/documents.module';
import { PlansModule } from '../../rules/plans/plans.module';
import { InvitationsModule } from '../invitations/invitations.module';
import { JoinException } from './join-exception.entity';
import { ExceptionsController } from './exceptions.controller';
import { ExceptionsService } from './exceptions.service';
import { JoinInvitation } from './join-invitation.entity';
import { JoinReminder } from './join-reminder.entity';
import { MembershipController } from './membership.controller';
import { MembershipService } from './membership.service';
import { SubordinatesController } from './subordinates.controller';
import { SubordinatesService } from './subordinates.service';
import { SupervisorJoinedService } from './supervisor-joined.service';
import { SupervisorsService } from './supervisors.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([JoinException, JoinInvitation, JoinReminder]),
    PartnersModule,
    InvitationsModule,
    AccountsModule,
    PlansModule,
    DocumentsModule,
    JobsModule,
    MailModule,
    WebModule,
  ],
  providers: [MembershipService, ExceptionsService, SubordinatesService, SupervisorsService, SupervisorJoinedService],
  controllers: [MembershipController, ExceptionsController, SubordinatesController],
})
export class MembershipModule {}
