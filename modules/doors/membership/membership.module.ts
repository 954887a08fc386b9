import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../../people/accounts/accounts.module';
import { PartnersModule } from '../../people/partners/partners.module';
import { JobsModule } from '../../platform/jobs/jobs.module';
import { MailModule } from '../../platform/mail/mail.module';
import { WebModule } from '../../platform/web/web.module';
import { DocumentsModule } from '../../rules/documents/documents.module';
import { PlansModule } from '../../rules/plans/plans.module';
import { JoinReminder } from './join-reminder.entity';
import { MembershipController } from './membership.controller';
import { MembershipService } from './membership.service';
import { SupervisorJoinedService } from './supervisor-joined.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([JoinReminder]),
    PartnersModule,
    AccountsModule,
    PlansModule,
    DocumentsModule,
    JobsModule,
    MailModule,
    WebModule,
  ],
  providers: [MembershipService, SupervisorJoinedService],
  controllers: [MembershipController],
})
export class MembershipModule {}
