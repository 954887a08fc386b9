import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobsModule } from '../jobs/jobs.module';
import { MailModule } from '../mail/mail.module';
import { NotificationsModule } from '../notifications/notifications.module';
import { WebModule } from '../web/web.module';
import { AccountLogin } from './account-login.entity';
import { AccountsController } from './accounts.controller';
import { AccountsService } from './accounts.service';
import { Attempt } from './attempts/attempt.entity';
import { AttemptsService } from './attempts/attempts.service';
import { EmailChange } from './emails/email-change.entity';
import { EmailsController } from './emails/emails.controller';
import { EmailsService } from './emails/emails.service';
import { PasswordsController } from './passwords/passwords.controller';
import { PasswordsService } from './passwords/passwords.service';
import { RecoveryService } from './passwords/recovery.service';
import { AccountsPurgeService } from './purge.service';
import { KnownDevice } from './sessions/known-device.entity';
import { Session } from './sessions/session.entity';
import { SessionsController } from './sessions/sessions.controller';
import { SessionsService } from './sessions/sessions.service';
import { AccountMailsService } from './tokens/account-mails.service';
import { OneTimeToken } from './tokens/one-time-token.entity';

@Module({
  imports: [
    TypeOrmModule.forFeature([AccountLogin, Session, KnownDevice, OneTimeToken, EmailChange, Attempt]),
    JobsModule,
    MailModule,
    NotificationsModule,
    WebModule,
  ],
  providers: [
    AccountsService,
    AccountMailsService,
    AccountsPurgeService,
    AttemptsService,
    EmailsService,
    PasswordsService,
    RecoveryService,
    SessionsService,
  ],
  controllers: [AccountsController, SessionsController, PasswordsController, EmailsController],
  exports: [AccountsService, RecoveryService],
})
export class AccountsModule {}
