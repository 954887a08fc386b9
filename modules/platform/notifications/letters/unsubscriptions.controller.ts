import { Get, HttpCode, Param, Post } from '@nestjs/common';
import { Open, Page, ProgramController } from '../../web/program-controller';
import { NotificationLetters } from './letters.service';

const BASE = 'partner-program/notifications';

/**
 * The link in a mail by which one hears no more of its kind. It asks first, because scanners open every link; the POST
 * is what a mail program sends by itself for one click, without a session, and its body says nothing that is needed.
 */
@ProgramController('notifications')
@Open()
export class UnsubscriptionsController {
  constructor(private readonly letters: NotificationLetters) {}

  @Get('unsubscription/:token')
  @Page('notifications/unsubscription')
  subscription(@Param('token') token: string) {
    return this.letters.subscription(token);
  }

  @Post('unsubscription/:token')
  @HttpCode(204)
  @Page('notifications/unsubscription', { form: 'subscription', redirect: `/${BASE}/unsubscribed` })
  unsubscribe(@Param('token') token: string): Promise<void> {
    return this.letters.unsubscribe(token);
  }

  @Get('unsubscribed')
  @Page('notifications/unsubscribed')
  unsubscribed() {
    return {};
  }
}
