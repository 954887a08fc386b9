import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Host } from '../host';
import { JobsService } from '../jobs/jobs.service';
import type { Locale } from '../kernel/locale';
import { Messages } from '../web/pages/messages.service';

/** A mail to be written from the catalogue: `mail.<template>.subject` and `mail.<template>.text`. */
export interface Mail {
  /** Says which mail it is, so that asking for it twice sends it once: `reminder:<user>:<day>`. */
  readonly key: string;
  readonly to: string;
  /** A mailbox of the sender's own; null for the program's. */
  readonly from?: string | null;
  readonly template: string;
  readonly locale: Locale;
  readonly params: Readonly<Record<string, string>>;
}

/** Sends mails by jobs: written in the caller's transaction, handed to the host once that is committed. */
@Injectable()
export class MailService implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly host: Host,
    private readonly messages: Messages,
  ) {}

  onModuleInit(): void {
    this.jobs.register<Mail>({ kind: 'mail', perform: ({ payload }) => this.deliver(payload) });
  }

  send(tx: EntityManager, mail: Mail): Promise<void> {
    return this.jobs.add(tx, { key: `mail:${mail.key}`, kind: 'mail', payload: mail });
  }

  private deliver({ key, to, from = null, template, locale, params }: Mail): Promise<void> {
    const subject = this.messages.text(locale, `mail.${template}.subject`, params);
    const text = this.messages.text(locale, `mail.${template}.text`, params);
    return this.host.sendMail({ id: key, to, from, subject, text, html: null });
  }
}
