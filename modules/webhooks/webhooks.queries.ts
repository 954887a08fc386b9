import type { EntityManager } from 'typeorm';
import { run } from '../kernel/query';
import type { WebhookAttempt } from './webhook-attempt.entity';
import type { WebhookDelivery } from './webhook-delivery.entity';
import type { DisabledReason } from './webhook-endpoint.entity';

/** One attempt to be made: what is sent, where to, signed by what. */
export interface DueDelivery {
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Date;
  readonly data: Readonly<Record<string, unknown>>;
  readonly endpointId: string;
  readonly url: string;
  readonly active: boolean;
  /** The one in force, then the one before it while that still signs; none for a removed endpoint. */
  readonly secrets: readonly string[];
  readonly attemptsBefore: number;
  /** Since this round of attempts began. */
  readonly ageSeconds: number;
}

const DUE = {
  name: 'webhooks-due',
  text: `
    select v.id as "eventId", v.type, v.occurred_at as "occurredAt", v.data, e.id as "endpointId", e.url, e.active,
           d.attempts_before as "attemptsBefore",
           extract(epoch from partner_program.now_ms() - d.queued_at)::float8 as "ageSeconds",
           array_remove(array[e.secret, case when e.previous_until > partner_program.now_ms() then e.previous_secret end], null)
             as secrets
      from partner_program.webhook_delivery d
      join partner_program.webhook_event v on v.id = d.event_id
      join partner_program.webhook_endpoint e on e.id = d.endpoint_id
     where d.id = $1 and d.status = 'waiting' and d.attempts = $2 - 1`,
};

/** @returns undefined for an attempt that was made already */
export async function dueDelivery(
  tx: EntityManager,
  deliveryId: string,
  attempt: number,
): Promise<DueDelivery | undefined> {
  const [due] = await run<DueDelivery>(tx, DUE, [deliveryId, attempt]);
  return due;
}

const END = {
  name: 'webhooks-end',
  text: `
    update partner_program.webhook_delivery set status = 'failed', next_attempt_at = null
     where id = $1 and status = 'waiting'`,
};

/** Tries no more; what was tried stays. */
export async function endDelivery(tx: EntityManager, deliveryId: string): Promise<void> {
  await run(tx, END, [deliveryId]);
}

/** How an attempt went. */
export interface AttemptResult extends Pick<WebhookAttempt, 'number' | 'durationMs' | 'responseStatus' | 'answer'> {
  readonly status: WebhookDelivery['status'];
  /** Until the next one, of a delivery that waits for it. */
  readonly delaySeconds?: number;
}

const RECORD = {
  name: 'webhooks-record',
  text: `
    with recorded as (
      update partner_program.webhook_delivery
         set attempts = $2, status = case when $3 = 'waiting' then status else $3 end,
             next_attempt_at = case when $3 = 'waiting' and status = 'waiting'
               then partner_program.now_ms() + make_interval(secs => $4) end
       where id = $1 and attempts = $2 - 1
      returning id
    )
    insert into partner_program.webhook_attempt (delivery_id, number, duration_ms, response_status, answer)
    select id, $2, $5, $6, $7 from recorded`,
};

/** Writes an attempt down, once, whoever made it. A delivery that was ended while it was made waits for no other. */
export async function recordAttempt(
  tx: EntityManager,
  deliveryId: string,
  { number, status, delaySeconds, durationMs, responseStatus, answer }: AttemptResult,
): Promise<void> {
  await run(tx, RECORD, [deliveryId, number, status, delaySeconds ?? null, durationMs, responseStatus, answer]);
}

const REACHED = {
  name: 'webhooks-reached',
  text: 'update partner_program.webhook_endpoint set delivered_at = partner_program.now_ms() where id = $1',
};

export async function markReached(tx: EntityManager, endpointId: string): Promise<void> {
  await run(tx, REACHED, [endpointId]);
}

const DISABLE = {
  name: 'webhooks-disable',
  text: `
    update partner_program.webhook_endpoint e
       set active = false, disabled_at = partner_program.now_ms(), disabled_reason = $2
      from partner_program.webhook_delivery d
     where d.id = $1 and e.id = d.endpoint_id and e.active
       and ($2 = 'gone' or e.delivered_at is null or e.delivered_at < d.queued_at)
    returning e.id`,
};

/**
 * Gives up on the endpoint of a delivery that failed for good: where nothing else came through since that was queued, or
 * at once where the endpoint says that it is there no more.
 */
export async function disableEndpoint(tx: EntityManager, deliveryId: string, reason: DisabledReason): Promise<boolean> {
  const [, count] = await run<unknown>(tx, DISABLE, [deliveryId, reason]);
  return count === 1;
}

const ROTATE = {
  name: 'webhooks-rotate',
  text: `
    update partner_program.webhook_endpoint
       set previous_secret = secret, previous_until = partner_program.now_ms() + interval '1 day', secret = $2
     where id = $1 and removed_at is null`,
};

/** From now on the new secret signs, for a day beside the one before. @returns whether there is such an endpoint */
export async function rotateSecret(tx: EntityManager, id: string, secret: string): Promise<boolean> {
  const [, count] = await run<unknown>(tx, ROTATE, [id, secret]);
  return count === 1;
}

const TEST = {
  name: 'webhooks-test',
  text: `
    with event as (
      insert into partner_program.webhook_event (id, type, occurred_at, data)
      values (gen_random_uuid(), 'webhook.test', partner_program.now_ms(), jsonb_build_object('endpointId', $1::uuid))
      returning id
    )
    insert into partner_program.webhook_delivery (event_id, endpoint_id) select id, $1 from event returning id`,
};

/** Tells one endpoint of nothing but itself. @returns the delivery's id */
export async function addTest(tx: EntityManager, endpointId: string): Promise<string> {
  const [delivery] = await run<{ id: string }>(tx, TEST, [endpointId]);
  return delivery!.id;
}

const REPLAY = {
  name: 'webhooks-replay',
  text: `
    update partner_program.webhook_delivery
       set status = 'waiting', attempts_before = attempts, queued_at = partner_program.now_ms(),
           next_attempt_at = partner_program.now_ms()
     where endpoint_id = $1 and case when $2::bigint is null then status = 'failed' else id = $2 and status <> 'waiting' end
    returning id`,
};

/**
 * Begins another round.
 * @param deliveryId null for every one that failed
 * @returns of how many: none that is still on its way
 */
export async function beginReplay(tx: EntityManager, endpointId: string, deliveryId: string | null): Promise<number> {
  const [, count] = await run<unknown>(tx, REPLAY, [endpointId, deliveryId]);
  return count as number;
}

/** A delivery as those who look after it see it. */
export interface DeliveryRow extends Pick<
  WebhookDelivery,
  'id' | 'eventId' | 'status' | 'attempts' | 'queuedAt' | 'nextAttemptAt'
> {
  readonly type: string;
  readonly occurredAt: Date;
  readonly data: Readonly<Record<string, unknown>>;
  /** The newest first. */
  readonly lastAttempts: readonly Omit<WebhookAttempt, 'deliveryId'>[];
}

/** Two rounds of attempts; whoever replays something more often than that has seen those before. */
const MOST_ATTEMPTS = 20;

const LIST = {
  name: 'webhooks-deliveries',
  text: `
    select d.id, d.event_id as "eventId", v.type, v.occurred_at as "occurredAt", v.data, d.status, d.attempts,
           d.queued_at as "queuedAt", d.next_attempt_at as "nextAttemptAt", a.list as "lastAttempts"
      from partner_program.webhook_delivery d join partner_program.webhook_event v on v.id = d.event_id
     cross join lateral (
       select coalesce(json_agg(json_build_object('number', number, 'attemptedAt', attempted_at, 'durationMs', duration_ms,
                'responseStatus', response_status, 'answer', answer) order by number desc), '[]') as list
         from partner_program.webhook_attempt where delivery_id = d.id and number > d.attempts - ${MOST_ATTEMPTS}
     ) a
     where d.endpoint_id = $1 and ($2::bigint is null or d.id < $2) order by d.id desc limit $3`,
};

/** Of an endpoint, the newest first. @param before the id of the last one on the page before */
export async function listDeliveries(
  tx: EntityManager,
  endpointId: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<DeliveryRow[]> {
  const rows = await run<DeliveryRow>(tx, LIST, [endpointId, before, limit]);
  // Within JSON, PostgreSQL writes times as texts of its own kind.
  const dated = ({ lastAttempts }: DeliveryRow) =>
    lastAttempts.map((attempt) => ({ ...attempt, attemptedAt: new Date(attempt.attemptedAt) }));
  return rows.map((row) => ({ ...row, lastAttempts: dated(row) }));
}

const COUNT_FAILED = {
  name: 'webhooks-count-failed',
  text: `
    select count(*)::int as failed from partner_program.webhook_delivery where endpoint_id = $1 and status = 'failed'`,
};

/** How many deliveries to an endpoint were given up on. */
export async function countFailed(tx: EntityManager, endpointId: string): Promise<number> {
  const [row] = await run<{ failed: number }>(tx, COUNT_FAILED, [endpointId]);
  return row!.failed;
}

const PURGE = {
  name: 'webhooks-purge',
  text: `
    delete from partner_program.webhook_event where id in (
      select v.id from partner_program.webhook_event v
       where v.occurred_at < partner_program.now_ms() - make_interval(days => $1)
         and not exists (select 1 from partner_program.webhook_delivery d where d.event_id = v.id and d.status = 'waiting')
       limit $2)`,
};

/** Forgets what happened so many days ago, with its deliveries. @returns how many events */
export async function purgeEvents(tx: EntityManager, days: number, most: number): Promise<number> {
  const [, count] = await run<unknown>(tx, PURGE, [days, most]);
  return count as number;
}

/** What the program last heard of the host's contracts. */
export interface HostSigns {
  readonly calculatedAt: Date | null;
  readonly reconciledAt: Date | null;
}

const HOST_SIGNS = {
  name: 'webhooks-host-signs',
  text: `
    select (select recorded_at from partner_program.calculation order by id desc limit 1) as "calculatedAt",
           (select reconciled_at from partner_program.reconciliation) as "reconciledAt"`,
};

export async function hostSigns(tx: EntityManager): Promise<HostSigns> {
  const [signs] = await run<HostSigns>(tx, HOST_SIGNS);
  return signs!;
}
