import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { localeFor } from '../../../kernel/locale';
import { Refusal } from '../../../kernel/refusal';
import { newSecret, secretHash } from '../../../kernel/token';
import { PROGRAM_OPTIONS } from '../../../options';
import type { PartnerProgramOptions } from '../../../options';
import { MailService } from '../../mail/mail.service';
import type { LetterWriter, WrittenLetter } from '../../mail/mail.service';
import { Program } from '../../program/program.service';
import { Messages } from '../../web/pages/messages.service';
import { Wordings } from '../wording.service';
import { letterFacts, subscriptionOf, unsubscribe } from './letters.queries';
import type { Subscription } from './letters.queries';
import { LETTER_KIND } from './notification-letter';

/**
 * Writes the mails of notifications at the last moment: to the address and by the wishes of then. Each carries a link of
 * its own that ends the mails of its kind, which mail programs offer as one click.
 * @see RFC 8058
 */
@Injectable()
export class NotificationLetters implements LetterWriter, OnModuleInit {
  readonly kind = LETTER_KIND;

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly mail: MailService,
    private readonly messages: Messages,
    private readonly wordings: Wordings,
    private readonly program: Program,
  ) {}

  onModuleInit(): void {
    this.mail.register(this);
  }

  async write(notificationId: string): Promise<WrittenLetter | null> {
    const secret = newSecret();
    const letter = await letterFacts(this.db.manager, notificationId, secretHash(secret));
    if (!letter) return null;
    const { email: to, firstName } = letter;
    const locale = localeFor(letter, this.program.now);
    const { publicUrl } = this.options;
    const unsubscribeUrl = `${publicUrl}/partner-program/notifications/unsubscription/${secret}`;
    const { text, detail, href } = this.wordings.of(locale, letter);
    const paragraphs = [
      this.messages.text(locale, 'notify.greeting', { name: firstName }),
      `${text}.`,
      detail,
      `${publicUrl}${href}`,
    ];
    const footer = this.messages.text(locale, 'notify.footer', {
      unsubscribe: unsubscribeUrl,
      preferences: `${publicUrl}/partner-program/notifications/preferences`,
    });
    return {
      to,
      from: null,
      subject: text,
      text: `${paragraphs.join('\n\n')}\n\n-- \n${footer}\n`,
      headers: {
        'List-Unsubscribe': `<${unsubscribeUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    };
  }

  /** @throws Refusal LINK_INACTIVE */
  async subscription(secret: string): Promise<Subscription> {
    const subscription = await subscriptionOf(this.db.manager, secretHash(secret));
    if (!subscription) throw new Refusal('LINK_INACTIVE');
    return subscription;
  }

  /** Ends the mails of the kind that the link came with; a second time changes nothing. @throws Refusal LINK_INACTIVE */
  async unsubscribe(secret: string): Promise<void> {
    if (!(await unsubscribe(this.db.manager, secretHash(secret)))) throw new Refusal('LINK_INACTIVE');
  }
}
