import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Webhook } from 'standardwebhooks';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { signChanges } from '../audit/audit.queries';
import { Host } from '../host';
import type { HostUser } from '../host';
import type { NewJob } from '../jobs/jobs.queries';
import { JobsService } from '../jobs/jobs.service';
import { LOCALES } from '../kernel/locale';
import { MailService } from '../mail/mail.service';
import { OutboundRequests } from './outbound.service';
import type { Answer } from './outbound.service';
import { retryDelaySeconds } from './retry-delay';
import { disableEndpoint, dueDelivery, markReached, purgeEvents, recordAttempt } from './webhooks.queries';
import type { AttemptResult, DueDelivery } from './webhooks.queries';

interface Attempt {
  readonly deliveryId: string;
  /** Counted from 1 over all rounds, so that no attempt is made twice but for a worker that died in it. */
  readonly attempt: number;
}

/** Slow receivers keep each other waiting no longer than this many at once take. */
const AT_ONCE = 8;
const KEPT_DAYS = 30;
const DAY_SECONDS = 86_400;
const BATCH_SIZE = 10_000;
const GONE = 410;

/** The program itself does it. */
const PROGRAM = { ref: 'program' };

/**
 * Tells endpoints what the changed tables wrote down: at least once each, under the same `webhook-id` every time, by the
 * Standard Webhooks specification.
 */
@Injectable()
export class DeliveriesService implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly host: Host,
    private readonly mail: MailService,
    private readonly outbound: OutboundRequests,
  ) {}

  onModuleInit(): void {
    this.jobs.register<Attempt>({ kind: 'webhook', atOnce: AT_ONCE, perform: ({ payload }) => this.attempt(payload) });
    this.jobs.register({
      kind: 'webhookPurge',
      everySeconds: DAY_SECONDS,
      batchSize: 1,
      run: async (tx) => {
        while ((await purgeEvents(tx, KEPT_DAYS, BATCH_SIZE)) === BATCH_SIZE);
      },
    });
  }

  private async attempt({ deliveryId, attempt }: Attempt): Promise<void> {
    const due = await dueDelivery(this.db.manager, deliveryId, attempt);
    if (!due) return;
    if (!due.active) {
      const given = { attempt, status: 'failed', durationMs: null, responseStatus: null, answer: 'INACTIVE' } as const;
      await recordAttempt(this.db.manager, deliveryId, given);
      return;
    }
    const begun = performance.now();
    const answer = await this.send(due);
    const durationMs = Math.round(performance.now() - begun);
    const result = resultOf(answer, attempt, due.attemptsBefore, durationMs);
    if (result.status === 'failed') return this.giveUp(deliveryId, result, due);
    await this.db.transaction('READ COMMITTED', async (tx) => {
      const recorded = await recordAttempt(tx, deliveryId, result);
      if (!recorded) return;
      if (result.status === 'delivered') await markReached(tx, due.endpointId);
      else await this.jobs.add(tx, attemptJob(deliveryId, attempt + 1, recorded.nextAttemptAt!));
    });
  }

  private send({ eventId, type, occurredAt, data, url, secrets }: DueDelivery): Promise<Answer> {
    const body = JSON.stringify({ type, timestamp: occurredAt, data });
    const now = new Date();
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'nestjs-partner-program',
      'content-length': String(Buffer.byteLength(body)),
      'webhook-id': eventId,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(eventId, now, body)).join(' '),
    };
    return this.outbound.post(url, headers, body);
  }

  private async giveUp(deliveryId: string, result: AttemptResult, { endpointId, url }: DueDelivery): Promise<void> {
    const holders = await this.host.usersWith('configure');
    await this.db.transaction('READ COMMITTED', async (tx) => {
      await signChanges(tx, PROGRAM);
      if (!(await recordAttempt(tx, deliveryId, result))) return;
      if (!(await disableEndpoint(tx, deliveryId, result.responseStatus === GONE))) return;
      await this.warn(tx, holders, { key: `webhookDisabled:${endpointId}:${deliveryId}:${result.attempt}`, url });
    });
  }

  private async warn(
    tx: EntityManager,
    holders: readonly HostUser[],
    { key, url }: { key: string; url: string },
  ): Promise<void> {
    for (const { id, email, firstName, locale } of holders) {
      await this.mail.send(tx, {
        key: `${key}:${id}`,
        to: email,
        template: 'webhookDisabled',
        locale: locale ?? LOCALES[0],
        params: { name: firstName, host: new URL(url).host },
      });
    }
  }
}

/** The job of one attempt; its key is made in SQL too, for the first one. */
export function attemptJob(deliveryId: string, attempt: number, dueAt?: Date): NewJob {
  const payload: Attempt = { deliveryId, attempt };
  return { key: `webhook:${deliveryId}:${attempt}`, kind: 'webhook', payload, dueAt };
}

function resultOf({ status, text }: Answer, attempt: number, before: number, durationMs: number): AttemptResult {
  const facts = { attempt, durationMs, responseStatus: status, answer: text };
  if (status !== null && status >= 200 && status < 300) return { ...facts, status: 'delivered' };
  const delaySeconds = status === GONE ? undefined : retryDelaySeconds(attempt - before, Math.random());
  return delaySeconds === undefined ? { ...facts, status: 'failed' } : { ...facts, status: 'waiting', delaySeconds };
}
