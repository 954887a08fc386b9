import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module';
import { JobsModule } from '../jobs/jobs.module';
import { MailModule } from '../mail/mail.module';
import { PartnersModule } from '../partners/partners.module';
import { PlansModule } from '../plans/plans.module';
import { TermsModule } from '../terms/terms.module';
import { WebModule } from '../web/web.module';
import { JoinReminder } from './join-reminder.entity';
import { MembershipController } from './membership.controller';
import { MembershipService } from './membership.service';
import { WayFreeService } from './way-free.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([JoinReminder]),
    PartnersModule,
    AccountsModule,
    PlansModule,
    TermsModule,
    JobsModule,
    MailModule,
    WebModule,
  ],
  providers: [MembershipService, WayFreeService],
  controllers: [MembershipController],
})
export class MembershipModule {}
