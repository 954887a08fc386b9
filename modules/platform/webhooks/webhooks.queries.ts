import type { EntityManager } from 'typeorm';
import { changed, rows, run } from '../../kernel/query';
import type { Retention } from '../retention/retention.service';
import type { WebhookAttempt } from './webhook-attempt.entity';
import { WebhookDelivery } from './webhook-delivery.entity';
import type { DisabledReason } from './webhook-endpoint.entity';
import type { WebhookEventType } from './webhook-events';

const LISTENED_TO = {
  name: 'webhooks-listened-to',
  text: `
    select exists (select from partner_program.webhook_endpoint where active and events && $1::text[]) as listened_to`,
};

/** Whether an endpoint wants to hear of any of these. */
export async function isListenedTo(tx: EntityManager, types: readonly WebhookEventType[]): Promise<boolean> {
  const [row] = await rows<{ listenedTo: boolean }>(tx, LISTENED_TO, [types]);
  return row!.listenedTo;
}

/**
 * Adds the job of the next attempt for deliveries that wait for one, in the queue of their endpoint, so that one that
 * never answers keeps no other waiting. A job of that attempt that is there already was left over by an earlier round.
 * @param deliveries a source of rows of the table of deliveries
 */
const scheduling = (deliveries: string): string => `
  insert into partner_program.job (key, kind, queue, payload, due_at)
  select 'webhook:' || id || ':' || attempts + 1, 'webhook', endpoint_id,
         jsonb_build_object('deliveryId', id::text, 'attempt', attempts + 1), next_attempt_at
    from ${deliveries} where next_attempt_at is not null
  on conflict (key) do update set status = 'waiting', due_at = excluded.due_at, finished_at = null, attempts = 0`;

/**
 * Parts of a statement's WITH that write down what happened, once for each endpoint that listens to it; nothing is written
 * while none does.
 * @param type   SQL of the type, which no part before these has to be run for
 * @param events a source of rows of `occurred_at` and `fact`
 */
export const reporting = (type: string, events: string): string => `
  listener as (
    select id from partner_program.webhook_endpoint where active and ${type} = any (events)
  ), event as (
    insert into partner_program.webhook_event (id, type, occurred_at, data)
    select gen_random_uuid(), ${type}, occurred_at, fact from (${events}) as happened
     where exists (select from listener)
    returning id
  ), delivery as (
    insert into partner_program.webhook_delivery (event_id, endpoint_id)
    select event.id, listener.id from event cross join listener returning *
  ), scheduled as (${scheduling('delivery')})`;

const REPORT = {
  name: 'webhooks-report',
  text: `
    with ${reporting('$1::text', 'select $2::timestamptz as occurred_at, fact from jsonb_array_elements($3::jsonb) as fact')}
    select 1`,
};

/** Writes down what happened, once for each endpoint that listens to it; nothing is written while none does. */
export async function reportEvents(
  tx: EntityManager,
  type: WebhookEventType,
  occurredAt: Date,
  facts: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  await run(tx, REPORT, [type, occurredAt, JSON.stringify(facts)]);
}

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
    select v.id as event_id, v.type, v.occurred_at, v.data, e.id as endpoint_id, e.url, e.active,
           d.attempts_before,
           extract(epoch from partner_program.now_ms() - d.queued_at)::float8 as age_seconds,
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
  const [due] = await rows<DueDelivery>(tx, DUE, [deliveryId, attempt]);
  return due;
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
      returning *
    ), written as (
      insert into partner_program.webhook_attempt (delivery_id, number, duration_ms, response_status, answer)
      select id, $2, $5, $6, $7 from recorded
    ) ${scheduling('recorded')}`,
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

/** Nothing waits for an endpoint that is no longer active. The caller has changed the endpoint first, in this order always. */
export async function endDeliveries(tx: EntityManager, endpointId: string): Promise<void> {
  await tx.update(WebhookDelivery, { endpointId, status: 'waiting' }, { status: 'failed', nextAttemptAt: null });
}

/**
 * Gives up on the endpoint of a delivery that failed for good: where nothing else came through since that was queued, or
 * at once where the endpoint says that it is there no more.
 */
export async function disableEndpoint(tx: EntityManager, deliveryId: string, reason: DisabledReason): Promise<boolean> {
  const [endpoint] = await rows<{ id: string }>(tx, DISABLE, [deliveryId, reason]);
  if (endpoint) await endDeliveries(tx, endpoint.id);
  return endpoint !== undefined;
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
  const count = await changed(tx, ROTATE, [id, secret]);
  return count === 1;
}

const TEST = {
  name: 'webhooks-test',
  text: `
    with event as (
      insert into partner_program.webhook_event (id, type, occurred_at, data)
      values (gen_random_uuid(), 'webhook.test', partner_program.now_ms(), jsonb_build_object('endpointId', $1::uuid))
      returning id
    ), delivery as (
      insert into partner_program.webhook_delivery (event_id, endpoint_id) select id, $1 from event returning *
    ), scheduled as (${scheduling('delivery')})
    select id from delivery`,
};

/** Sends one endpoint nothing but itself. @returns the delivery's id */
export async function addTest(tx: EntityManager, endpointId: string): Promise<string> {
  const [delivery] = await rows<{ id: string }>(tx, TEST, [endpointId]);
  return delivery!.id;
}

const REPLAY = {
  name: 'webhooks-replay',
  text: `
    with replayed as (
      update partner_program.webhook_delivery
         set status = 'waiting', attempts_before = attempts, queued_at = partner_program.now_ms(),
             next_attempt_at = partner_program.now_ms()
       where endpoint_id = $1
         and case when $2::bigint is null then status = 'failed' else id = $2 and status <> 'waiting' end
      returning *
    ), scheduled as (${scheduling('replayed')})
    select count(*)::integer as deliveries from replayed`,
};

/**
 * Begins another round.
 * @param deliveryId null for every one that failed
 * @returns of how many: none that is still on its way
 */
export async function beginReplay(tx: EntityManager, endpointId: string, deliveryId: string | null): Promise<number> {
  const [row] = await rows<{ deliveries: number }>(tx, REPLAY, [endpointId, deliveryId]);
  return row!.deliveries;
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
    select d.id, d.event_id, v.type, v.occurred_at, v.data, d.status, d.attempts,
           d.queued_at, d.next_attempt_at, a.list as last_attempts
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
  const found = await rows<DeliveryRow>(tx, LIST, [endpointId, before, limit]);
  // Within JSON, PostgreSQL writes times as texts of its own kind.
  const dated = ({ lastAttempts }: DeliveryRow) =>
    lastAttempts.map((attempt) => ({ ...attempt, attemptedAt: new Date(attempt.attemptedAt) }));
  return found.map((row) => ({ ...row, lastAttempts: dated(row) }));
}

const COUNT_FAILED = {
  name: 'webhooks-count-failed',
  text: `
    select count(*)::int as failed from partner_program.webhook_delivery where endpoint_id = $1 and status = 'failed'`,
};

/** How many deliveries to an endpoint were given up on. */
export async function countFailed(tx: EntityManager, endpointId: string): Promise<number> {
  const [row] = await rows<{ failed: number }>(tx, COUNT_FAILED, [endpointId]);
  return row!.failed;
}

export const WEBHOOKS_RETENTION: readonly Retention[] = [
  {
    name: 'retention-webhook-events',
    what: 'events of web hooks, with its deliveries',
    days: 30,
    text: `
      delete from partner_program.webhook_event where id in (
        select v.id from partner_program.webhook_event v
         where v.occurred_at < partner_program.now_ms() - make_interval(days => $1)
           and not exists (
             select 1 from partner_program.webhook_delivery d where d.event_id = v.id and d.status = 'waiting')
         limit $2)`,
  },
];

/** What the program last heard of the host's contracts. */
export interface HostSigns {
  readonly calculatedAt: Date | null;
  readonly reconciledAt: Date | null;
}

const HOST_SIGNS = {
  name: 'webhooks-host-signs',
  text: `
    select (select recorded_at from partner_program.calculation order by id desc limit 1) as calculated_at,
           (select reconciled_at from partner_program.reconciliation) as reconciled_at`,
};

export async function hostSigns(tx: EntityManager): Promise<HostSigns> {
  const [signs] = await rows<HostSigns>(tx, HOST_SIGNS);
  return signs!;
}
