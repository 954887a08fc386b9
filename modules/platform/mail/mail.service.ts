import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Host } from '../../host';
import type { OutgoingMail } from '../../host';
import type { Locale } from '../../kernel/locale';
import type { ClaimedJob, NewJob } from '../jobs/jobs.queries';
import { JobsService } from '../jobs/jobs.service';
import { Metrics } from '../metrics/metrics.service';
import { Messages } from '../web/pages/messages.service';
import { isFinal, oneLine, within } from './delivery';

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

/** A mail that its own room writes at the last moment, so that the secret in its link is stored nowhere. */
export interface Letter {
  readonly key: string;
  /** Whose letter it is: see {@link MailService.register}. */
  readonly kind: string;
  /** What it is about. */
  readonly subjectId: string;
}

export type WrittenLetter = Pick<OutgoingMail, 'to' | 'from' | 'subject' | 'text' | 'headers'>;

export interface LetterWriter {
  readonly kind: string;
  /**
   * Called before every attempt; null when there is no longer a reason to write.
   * @param failures how many attempts failed before this one
   */
  write(subjectId: string, failures: number): Promise<WrittenLetter | null>;
  delivered?(subjectId: string): Promise<void>;
  /** An attempt failed. It may be repeated, unless the server's no was its last word. */
  failed?(subjectId: string): Promise<void>;
}

/** A host that takes longer has failed, well before another worker takes the job over. */
const PATIENCE_MS = 30_000;
/** Some minutes apart in the end: about seven hours, in which a mail server comes back. */
const MAX_ATTEMPTS = 100;

/** The job that sends a mail, for whoever adds it together with others. */
export function mailJob(mail: Mail): NewJob {
  return { key: `mail:${mail.key}`, kind: 'mail', payload: mail };
}

/**
 * Sends mails by jobs: written in the caller's transaction, handed to the host once that is committed. An attempt that
 * failed is repeated under the same id, which becomes the Message-ID, so that a server which took the mail all the same
 * can tell.
 * @see F14
 */
@Injectable()
export class MailService implements OnModuleInit {
  private readonly writers = new Map<string, LetterWriter>();

  constructor(
    private readonly jobs: JobsService,
    private readonly host: Host,
    private readonly messages: Messages,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.jobs.register<Mail>({
      kind: 'mail',
      maxAttempts: MAX_ATTEMPTS,
      perform: ({ payload }) => this.deliver(payload),
    });
    this.jobs.register<Letter>({
      kind: 'letter',
      maxAttempts: MAX_ATTEMPTS,
      perform: (job) => this.deliverLetter(job),
    });
  }

  /** Called by a feature when the module starts. */
  register(writer: LetterWriter): void {
    this.writers.set(writer.kind, writer);
  }

  send(tx: EntityManager, mail: Mail): Promise<void> {
    return this.jobs.add(tx, mailJob(mail));
  }

  sendLetter(tx: EntityManager, ...letters: readonly Letter[]): Promise<void> {
    return this.jobs.add(
      tx,
      ...letters.map((letter) => ({ key: `mail:${letter.key}`, kind: 'letter', payload: letter })),
    );
  }

  private deliver({ key, to, from = null, template, locale, params }: Mail): Promise<void> {
    const subject = this.messages.text(locale, `mail.${template}.subject`, params);
    const text = this.messages.text(locale, `mail.${template}.text`, params);
    return this.handOver(key, { to, from, subject, text });
  }

  private async deliverLetter({ payload: { key, kind, subjectId }, attempts }: ClaimedJob<Letter>): Promise<void> {
    const writer = this.writers.get(kind);
    if (!writer) throw new Error(`Nobody writes letters of kind ${kind}`);
    const letter = await writer.write(subjectId, attempts);
    if (!letter) return;
    try {
      await this.handOver(key, letter);
    } catch (error) {
      await writer.failed?.(subjectId);
      if (isFinal(error)) return;
      throw error;
    }
    await writer.delivered?.(subjectId);
  }

  private async handOver(id: string, { subject, ...letter }: WrittenLetter): Promise<void> {
    try {
      await within(PATIENCE_MS, this.host.sendMail({ ...letter, id, subject: oneLine(subject), html: null }));
    } catch (error) {
      this.metrics.mails.inc({ outcome: 'failed' });
      throw error;
    }
    this.metrics.mails.inc({ outcome: 'sent' });
  }
}
