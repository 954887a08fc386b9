import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobsModule } from '../jobs/jobs.module';
import { MailModule } from '../mail/mail.module';
import { WebModule } from '../web/web.module';
import { CommissionGathering } from './gathering/commission-gathering.entity';
import { GatheringService } from './gathering/gathering.service';
import { NotificationLetters } from './letters/letters.service';
import { UnsubscribeToken } from './letters/unsubscribe-token.entity';
import { UnsubscriptionsController } from './letters/unsubscriptions.controller';
import { NotificationMark } from './notification-mark.entity';
import { Notification } from './notification.entity';
import { NotificationsController } from './notifications.controller';
import { NotificationsService } from './notifications.service';
import { NotificationMute } from './preferences/notification-mute.entity';
import { PreferencesController } from './preferences/preferences.controller';
import { Wordings } from './wording.service';

/** What partners are told, in the portal and by mail. */
@Module({
  imports: [
    TypeOrmModule.forFeature([CommissionGathering, Notification, NotificationMark, NotificationMute, UnsubscribeToken]),
    JobsModule,
    MailModule,
    WebModule,
  ],
  providers: [GatheringService, NotificationLetters, NotificationsService, Wordings],
  controllers: [NotificationsController, PreferencesController, UnsubscriptionsController],
  exports: [NotificationsService],
})
export class NotificationsModule {}
