import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module';
import { MailModule } from '../mail/mail.module';
import { PartnersModule } from '../partners/partners.module';
import { PlansModule } from '../plans/plans.module';
import { TermsModule } from '../terms/terms.module';
import { WebModule } from '../web/web.module';
import { JoinReminder } from './join-reminder.entity';
import { MembershipController } from './membership.controller';
import { MembershipService } from './membership.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([JoinReminder]),
    PartnersModule,
    AccountsModule,
    PlansModule,
    TermsModule,
    MailModule,
    WebModule,
  ],
  providers: [MembershipService],
  controllers: [MembershipController],
})
export class MembershipModule {}
