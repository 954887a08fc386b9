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
  readonly at: Date;
}

/** Sends mails over SMTP where a server is configured; else keeps them, for a developer to read. */
@Injectable()
export class MailboxService {
  private readonly smtp = this.config.smtpUrl === undefined ? null : createTransport(this.config.smtpUrl);

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CRM_CONFIG) private readonly config: CrmConfig,
  ) {}

  async send({ id, to, from, subject, text, html }: OutgoingMail): Promise<void> {
    const sender = from ?? NOTIFICATIONS;
    if (this.smtp) {
      const messageId = `<${id}@${new URL(this.config.publicUrl).hostname}>`;
      await this.smtp.sendMail({ messageId, to, from: sender, subject, text, html: html ?? undefined });
      return;
    }
    await this.db.query(
      `insert into crm.mail (id, "to", "from", subject, text, html) values ($1, $2, $3, $4, $5, $6)
       on conflict (id) do nothing`,
      [id, to, sender, subject, text, html],
    );
  }

  /** The last thousand mails kept, in the order they were sent. */
  async list(): Promise<SentMail[]> {
    const rows = await this.db.query<SentMail[]>(
      'select "to", "from", subject, text, html, at from crm.mail order by seq desc limit 1000',
    );
    return rows.reverse();
  }
}
