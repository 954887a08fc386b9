import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Locale } from '../../kernel/locale';
import { newSecret, secretHash } from '../../kernel/token';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { MailService } from '../../platform/mail/mail.service';
import type { LetterWriter, WrittenLetter } from '../../platform/mail/mail.service';
import { Messages } from '../../platform/web/pages/messages.service';
import { filledBody, filledSubject } from './invitation-text';
import { Invitation } from './invitation.entity';
import { letterOf, markBounced, markDelivered } from './invitations.queries';
import { invitationUrl, suppressionUrl } from './links/public-links';

export const LETTER_KIND = 'invitation';

/** After so many failures the inviter's own mailbox is given up and the program's takes over. */
const OWN_MAILBOX_FAILURES = 3;

/** How the placeholders are written in each language; all of them are read in every language. */
const PLACEHOLDERS: Readonly<Record<Locale, Record<'firstName' | 'inviter', string>>> = {
  pl: { firstName: '{{imie}}', inviter: '{{zapraszajacy}}' },
  'pt-BR': { firstName: '{{nome}}', inviter: '{{convidante}}' },
  en: { firstName: '{{firstName}}', inviter: '{{inviter}}' },
};

/**
 * Writes the mails of invitations. The secret of a link is made as its mail is written and is kept nowhere else; each
 * attempt has its own, and all of them open the same invitation.
 */
@Injectable()
export class InvitationLetter implements LetterWriter, OnModuleInit {
  readonly kind = LETTER_KIND;

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly mail: MailService,
    private readonly messages: Messages,
  ) {}

  onModuleInit(): void {
    this.mail.register(this);
  }

  async write(invitationId: string, failures: number): Promise<WrittenLetter | null> {
    const secret = newSecret();
    const letter = await letterOf(this.db.manager, invitationId, secretHash(secret));
    if (!letter) return null;
    const { email, locale, sentFrom, sentFromAddress, subject, body, ...names } = letter;
    const own = sentFrom === 'own' && failures < OWN_MAILBOX_FAILURES;
    if (sentFrom === 'own' && !own) {
      const fromProgram = { sentFrom: 'program', sentFromAddress: null } as const;
      await this.db.manager.update(Invitation, { id: invitationId }, fromProgram);
    }
    const facts = { ...names, link: invitationUrl(this.options.publicUrl, locale, secret) };
    const footer = this.messages.text(locale, 'invite.footer', {
      link: suppressionUrl(this.options.publicUrl, secret),
    });
    return {
      to: email,
      from: own ? sentFromAddress : null,
      subject: filledSubject(subject, facts),
      text: `${filledBody(body, facts)}\n\n-- \n${footer}\n`,
    };
  }

  delivered(invitationId: string): Promise<void> {
    return markDelivered(this.db.manager, invitationId);
  }

  failed(invitationId: string): Promise<void> {
    return markBounced(this.db.manager, invitationId);
  }

  /** What an invitation says unless its sender says something else. */
  suggestion(locale: Locale): { subject: string; body: string; placeholders: string } {
    const placeholders = { ...PLACEHOLDERS[locale], link: '{{link}}' };
    return {
      placeholders: Object.values(placeholders).join(', '),
      subject: this.messages.text(locale, 'invite.default_subject', placeholders),
      body: this.messages.text(locale, 'invite.default_body', placeholders),
    };
  }

  /** The mail as it will read, with a link that shows its form but opens nothing; `…` stands for a name not typed yet. */
  preview(
    { firstName = '…', subject = '', body = '' }: { firstName?: string; subject?: string; body?: string },
    inviter: { name: string; locale: Locale },
  ): { subject: string; text: string } {
    const link = invitationUrl(this.options.publicUrl, inviter.locale, '…');
    const facts = { firstName, inviter: inviter.name, link };
    return { subject: filledSubject(subject, facts), text: filledBody(body, facts) };
  }
}
