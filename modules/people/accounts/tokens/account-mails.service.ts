import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Locale, localeFor } from '../../../kernel/locale';
import { PROGRAM_OPTIONS } from '../../../options';
import type { PartnerProgramOptions } from '../../../options';
import { MailService } from '../../../platform/mail/mail.service';
import type { WrittenLetter } from '../../../platform/mail/mail.service';
import { Program } from '../../../platform/program/program.service';
import { Messages } from '../../../platform/web/pages/messages.service';
import { accountByEmail, accountOf, emailKey } from '../accounts.queries';
import type { AccountRow } from '../accounts.queries';
import { changeOf } from '../emails/emails.queries';
import type { TokenPurpose } from './one-time-token.entity';
import { addToken } from './tokens.queries';

/** The address of the page that a link opens, as its receiver reads it. */
const PATHS: Readonly<Record<TokenPurpose, Readonly<Record<Locale, string>>>> = {
  confirmEmail: { pl: 'potwierdz-email', 'pt-BR': 'confirmar-email', en: 'confirm-email' },
  resetPassword: inEvery('partner-program/password-resets'),
  changeEmailOld: inEvery('partner-program/email-changes'),
  changeEmailNew: inEvery('partner-program/email-changes'),
};

function inEvery(path: string): Readonly<Record<Locale, string>> {
  return { pl: path, 'pt-BR': path, en: path };
}

/** The kind of a letter to an address that somebody typed, to confirm it. */
const TYPED_CONFIRMATION = 'confirmTyped';

/** To whom a letter goes, and what it says besides the name and the link. */
interface Receiver {
  readonly account: AccountRow;
  readonly to: string;
  readonly params?: Readonly<Record<string, string>>;
}

/**
 * The mails with a link in them. A link is made when its mail is written, so that its secret stands in the mail and
 * nowhere else; it begins with the program's own address, whatever a request said. @see F59 F60
 */
@Injectable()
export class AccountMailsService implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly mail: MailService,
    private readonly messages: Messages,
    private readonly program: Program,
  ) {}

  onModuleInit(): void {
    this.writes('confirmEmail', async (partnerId) => unconfirmed(await accountOf(this.db.manager, partnerId)));
    this.writes('confirmEmail', async (email) => unconfirmed(await accountByEmail(this.db.manager, emailKey(email))), {
      kind: TYPED_CONFIRMATION,
    });
    this.writes('resetPassword', async (email) => {
      const account = await accountByEmail(this.db.manager, emailKey(email));
      return account ? { account, to: account.email } : null;
    });
    this.writes('changeEmailOld', async (partnerId) => {
      const account = await accountOf(this.db.manager, partnerId);
      const change = await changeOf(this.db.manager, partnerId);
      if (!account || !change || change.oldConfirmed) return null;
      return { account, to: account.email, params: { email: change.email } };
    });
    this.writes('changeEmailNew', async (partnerId) => {
      const account = await accountOf(this.db.manager, partnerId);
      const change = await changeOf(this.db.manager, partnerId);
      if (!account || !change || change.newConfirmed || change.taken) return null;
      return { account, to: change.email, params: { email: change.email } };
    });
  }

  /** Told twice that an address waits for its first confirmation, it writes once. */
  firstConfirmation(tx: EntityManager, partnerId: string): Promise<void> {
    return this.mail.sendLetter(tx, { key: `confirmEmail.${partnerId}`, kind: 'confirmEmail', subjectId: partnerId });
  }

  /** @param subjectId the partner's id; of a reset the address as it was typed, whoever it belongs to */
  sendLink(tx: EntityManager, purpose: TokenPurpose, subjectId: string): Promise<void> {
    return this.mail.sendLetter(tx, { key: `${purpose}.${uuidv7()}`, kind: purpose, subjectId });
  }

  /** @param email as it was typed: whose it is, and whether it waits for its confirmation, is found out later */
  confirmTyped(tx: EntityManager, email: string): Promise<void> {
    const key = `${TYPED_CONFIRMATION}.${uuidv7()}`;
    return this.mail.sendLetter(tx, { key, kind: TYPED_CONFIRMATION, subjectId: email });
  }

  passwordChanged(tx: EntityManager, account: AccountRow): Promise<void> {
    return this.mail.send(tx, {
      key: `passwordChanged.${uuidv7()}`,
      to: account.email,
      template: 'passwordChanged',
      locale: localeFor(account, this.program.now),
      params: { name: account.firstName },
    });
  }

  private writes(
    purpose: TokenPurpose,
    receiverOf: (subjectId: string) => Promise<Receiver | null>,
    { kind = purpose }: { kind?: string } = {},
  ): void {
    this.mail.register({
      kind,
      write: async (subjectId, failures) => {
        const receiver = await receiverOf(subjectId);
        return receiver && this.write(purpose, receiver, failures);
      },
      delivered: () => Promise.resolve(),
      failed: () => Promise.resolve(),
    });
  }

  /** The mail of a failed attempt may have arrived all the same: the link in it goes on working. */
  private async write(
    purpose: TokenPurpose,
    { account, to, params }: Receiver,
    failures: number,
  ): Promise<WrittenLetter> {
    const { partnerId, firstName } = account;
    const secret = await this.db.transaction((tx) =>
      addToken(tx, { partnerId, purpose, email: to }, { retireOthers: failures === 0 }),
    );
    const locale = localeFor(account, this.program.now);
    const link = `${this.options.publicUrl}/${PATHS[purpose][locale]}/${secret}`;
    const words = { name: firstName, link, ...params };
    return {
      to,
      from: null,
      subject: this.messages.text(locale, `mail.${purpose}.subject`, words),
      text: this.messages.text(locale, `mail.${purpose}.text`, words),
    };
  }
}

/** Nobody is asked to confirm an address that is confirmed. */
function unconfirmed(account: AccountRow | undefined): Receiver | null {
  return account && !account.emailConfirmed ? { account, to: account.email } : null;
}
