import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobsModule } from '../../platform/jobs/jobs.module';
import { MailModule } from '../../platform/mail/mail.module';
import { NotificationsModule } from '../../platform/notifications/notifications.module';
import { RetentionModule } from '../../platform/retention/retention.module';
import { RetentionService } from '../../platform/retention/retention.service';
import { ThrottleModule } from '../../platform/throttle/throttle.module';
import { WebModule } from '../../platform/web/web.module';
import { PartnersModule } from '../partners/partners.module';
import { AccountLogin } from './account-login.entity';
import { AccountsController } from './accounts.controller';
import { AccountsService } from './accounts.service';
import { CrmUsersController } from './crm-users/crm-users.controller';
import { CrmUsersService } from './crm-users/crm-users.service';
import { EmailChange } from './emails/email-change.entity';
import { EmailsController } from './emails/emails.controller';
import { EMAILS_RETENTION } from './emails/emails.queries';
import { EmailsService } from './emails/emails.service';
import { PasswordsController } from './passwords/passwords.controller';
import { PasswordsService } from './passwords/passwords.service';
import { RecoveryService } from './passwords/recovery.service';
import { KnownDevice } from './sessions/known-device.entity';
import { Session } from './sessions/session.entity';
import { SessionsController } from './sessions/sessions.controller';
import { SESSIONS_RETENTION } from './sessions/sessions.queries';
import { SessionsService } from './sessions/sessions.service';
import { AccountMailsService } from './tokens/account-mails.service';
import { OneTimeToken } from './tokens/one-time-token.entity';
import { TOKENS_RETENTION } from './tokens/tokens.queries';

@Module({
  imports: [
    TypeOrmModule.forFeature([AccountLogin, Session, KnownDevice, OneTimeToken, EmailChange]),
    JobsModule,
    MailModule,
    NotificationsModule,
    PartnersModule,
    ThrottleModule,
    RetentionModule,
    WebModule,
  ],
  providers: [
    AccountsService,
    AccountMailsService,
    CrmUsersService,
    EmailsService,
    PasswordsService,
    RecoveryService,
    SessionsService,
  ],
  controllers: [AccountsController, CrmUsersController, SessionsController, PasswordsController, EmailsController],
  exports: [AccountsService, CrmUsersService, RecoveryService],
})
export class AccountsModule {
  constructor(retention: RetentionService) {
    retention.register([...SESSIONS_RETENTION, ...TOKENS_RETENTION, ...EMAILS_RETENTION]);
  }
}
