import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Webhook } from 'standardwebhooks';
import { DataSource } from 'typeorm';
import { Host } from '../../host';
import type { HostUser } from '../../host';
import { currentTime } from '../../kernel/clock';
import { localeFor } from '../../kernel/locale';
import { transaction } from '../../kernel/transaction';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { attributeChanges } from '../audit/audit.queries';
import { JobsService } from '../jobs/jobs.service';
import { MailService } from '../mail/mail.service';
import type { Mail } from '../mail/mail.service';
import { Metrics } from '../metrics/metrics.service';
import { Program } from '../program/program.service';
import { OutboundRequests } from './outbound.service';
import type { Answer } from './outbound.service';
import { restSecondsOf, retryDelaySeconds } from './retry-delay';
import { WebhookDelivery } from './webhook-delivery.entity';
import type { DisabledReason } from './webhook-endpoint.entity';
import { disableEndpoint, dueDelivery, markReached, recordAttempt } from './webhooks.queries';
import type { AttemptResult, DueDelivery } from './webhooks.queries';

/** One attempt at a delivery. */
interface Delivery {
  readonly deliveryId: string;
  /** Counted from 1 over all rounds, so that no attempt is made twice but for a worker that died in it. */
  readonly attempt: number;
}

/** Ten endpoints that all stand still must come together before another one waits for them. */
const AT_ONCE = 40;
const AT_ONCE_PER_ENDPOINT = 4;
const GONE = 410;

/** The program itself does it. */
const PROGRAM = { ref: 'program' };

/**
 * Sends endpoints what was reported: at least once each, under the same `webhook-id` every time, by the
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
    private readonly metrics: Metrics,
    private readonly program: Program,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
  ) {}

  onModuleInit(): void {
    this.jobs.register<Delivery>({
      kind: 'webhook',
      atOnce: AT_ONCE,
      atOncePerQueue: AT_ONCE_PER_ENDPOINT,
      perform: ({ payload }) => this.attempt(payload),
    });
  }

  private async attempt({ deliveryId, attempt }: Delivery): Promise<void> {
    const due = await dueDelivery(this.db.manager, deliveryId, attempt);
    if (!due) return;
    // It was switched off in the moment in which the event was reported.
    if (!due.active) {
      const ended = { status: 'failed', nextAttemptAt: null } as const;
      await this.db.manager.update(WebhookDelivery, { id: deliveryId, status: 'waiting' }, ended);
      return;
    }
    const begun = performance.now();
    const answer = await this.send(due);
    const result = resultOf(answer, due, { number: attempt, durationMs: Math.round(performance.now() - begun) });
    this.metrics.webhooks.inc({ outcome: result.status === 'delivered' ? 'delivered' : 'failed' });
    if (result.status === 'failed') return this.giveUp(deliveryId, result, due);
    // Always the endpoint before its deliveries, as when it is switched off: two that wait for each other help nobody.
    await transaction(this.db, async (tx) => {
      if (result.status === 'delivered') await markReached(tx, due.endpointId);
      await recordAttempt(tx, deliveryId, result);
    });
  }

  private send({ eventId, type, occurredAt, data, url, secrets }: DueDelivery): Promise<Answer> {
    const body = JSON.stringify({ type, timestamp: occurredAt, data });
    const now = currentTime();
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

  private async giveUp(deliveryId: string, result: AttemptResult, due: DueDelivery): Promise<void> {
    const holders = await this.host.usersWith('configure');
    const reason = result.responseStatus === GONE ? 'gone' : 'failing';
    await transaction(this.db, async (tx) => {
      await attributeChanges(tx, PROGRAM);
      const disabled = await disableEndpoint(tx, deliveryId, reason);
      await recordAttempt(tx, deliveryId, result);
      if (!disabled) return;
      for (const holder of holders) await this.mail.send(tx, this.warning(holder, reason, due, result));
    });
  }

  private warning(
    holder: HostUser,
    reason: DisabledReason,
    { endpointId, eventId, url }: DueDelivery,
    { number }: AttemptResult,
  ): Mail {
    const { id, email, firstName } = holder;
    return {
      key: `webhookDisabled:${endpointId}:${eventId}:${number}:${id}`,
      to: email,
      template: reason === 'gone' ? 'webhookGone' : 'webhookFailing',
      locale: localeFor(holder, this.program.now),
      params: {
        name: firstName,
        host: new URL(url).host,
        link: `${this.options.publicUrl}/partner-program/settings/webhooks/${endpointId}/deliveries`,
      },
    };
  }
}

function resultOf(
  { status, text, retryAfter }: Answer,
  { attemptsBefore, ageSeconds }: DueDelivery,
  made: Pick<AttemptResult, 'number' | 'durationMs'>,
): AttemptResult {
  const facts = { ...made, responseStatus: status, answer: text };
  if (status !== null && status >= 200 && status < 300) return { ...facts, status: 'delivered' };
  if (status === GONE) return { ...facts, status: 'failed' };
  const failed = {
    attempt: made.number - attemptsBefore,
    ageSeconds,
    restSeconds: restSecondsOf(retryAfter, currentTime()),
  };
  const delaySeconds = retryDelaySeconds(failed, Math.random());
  return delaySeconds === undefined ? { ...facts, status: 'failed' } : { ...facts, status: 'waiting', delaySeconds };
}
