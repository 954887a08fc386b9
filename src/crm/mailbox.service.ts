import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { createTransport } from 'nodemailer';
import { DataSource } from 'typeorm';
import type { OutgoingMail } from '../../modules';
import { CRM_CONFIG, type CrmConfig } from './crm-config';

/** Where mails come from that nobody in particular sends. */
const NOTIFICATIONS = 'powiadomienia@crm.example';

export interface SentMail {
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  /** Further headers by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly at: Date;
}

/** Below what the program waits for one mail, so that a server which hangs is let go of. `SMTP_URL` may say otherwise. */
const PATIENCE = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 15_000 };

/** Sends mails over SMTP where a server is configured; else keeps them, for a developer to read. */
@Injectable()
export class MailboxService {
  private readonly smtp =
    this.config.smtpUrl === undefined ? null : createTransport({ ...PATIENCE, url: this.config.smtpUrl });

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CRM_CONFIG) private readonly config: CrmConfig,
  ) {}

  async send({ id, to, from, subject, text, html, headers = {} }: OutgoingMail): Promise<void> {
    const sender = from ?? NOTIFICATIONS;
    if (this.smtp) {
      const messageId = `<${id}@${new URL(this.config.publicUrl).hostname}>`;
      await this.smtp.sendMail({ messageId, to, from: sender, subject, text, html: html ?? undefined, headers });
      return;
    }
    await this.db.query(
      `insert into crm.mail (id, "to", "from", subject, text, html, headers) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (id) do nothing`,
      [id, to, sender, subject, text, html, headers],
    );
  }

  /** The last thousand mails kept, in the order they were sent. */
  async list(): Promise<SentMail[]> {
    const rows = await this.db.query<SentMail[]>(
      'select "to", "from", subject, text, html, headers, at from crm.mail order by seq desc limit 1000',
    );
    return rows.reverse();
  }
}
