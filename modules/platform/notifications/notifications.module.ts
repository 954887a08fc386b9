import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobsModule } from '../jobs/jobs.module';
import { MailModule } from '../mail/mail.module';
import { RetentionModule } from '../retention/retention.module';
import { RetentionService } from '../retention/retention.service';
import { WebModule } from '../web/web.module';
import { CommissionDigest } from './digest/commission-digest.entity';
import { DigestService } from './digest/digest.service';
import { NotificationLetters } from './letters/letters.service';
import { UnsubscribeToken } from './letters/unsubscribe-token.entity';
import { UnsubscriptionsController } from './letters/unsubscriptions.controller';
import { NotificationMark } from './notification-mark.entity';
import { Notification } from './notification.entity';
import { NotificationsController } from './notifications.controller';
import { NOTIFICATIONS_RETENTION } from './notifications.queries';
import { NotificationsService } from './notifications.service';
import { NotificationMute } from './preferences/notification-mute.entity';
import { PreferencesController } from './preferences/preferences.controller';
import { Wordings } from './wording.service';

/** What partners are notified, in the portal and by mail. */
@Module({
  imports: [
    TypeOrmModule.forFeature([CommissionDigest, Notification, NotificationMark, NotificationMute, UnsubscribeToken]),
    JobsModule,
    MailModule,
    RetentionModule,
    WebModule,
  ],
  providers: [DigestService, NotificationLetters, NotificationsService, Wordings],
  controllers: [NotificationsController, PreferencesController, UnsubscriptionsController],
  exports: [NotificationsService],
})
export class NotificationsModule {
  constructor(retention: RetentionService) {
    retention.register(NOTIFICATIONS_RETENTION);
  }
}
