import type { EntityManager } from 'typeorm';
import { JOBS_CHANNEL } from '../jobs/jobs.queries';
import { run } from '../kernel/query';
import type { WebhookDelivery } from './webhook-delivery.entity';

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
}

const DUE = {
  name: 'webhooks-due',
  text: `
    select v.id as "eventId", v.type, v.occurred_at as "occurredAt", v.data, e.id as "endpointId", e.url, e.active,
           d.attempts_before as "attemptsBefore",
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

/** How an attempt went. `delaySeconds` is until the next one, where there is one. */
export interface AttemptResult {
  readonly attempt: number;
  readonly status: WebhookDelivery['status'];
  readonly delaySeconds?: number;
  readonly durationMs: number | null;
  readonly responseStatus: number | null;
  readonly answer: string;
}

const RECORD = {
  name: 'webhooks-record',
  text: `
    update partner_program.webhook_delivery
       set status = $3, attempts = $2, attempted_at = partner_program.now_ms(), duration_ms = $4, response_status = $5,
           answer = $6, next_attempt_at = case when $3 = 'waiting'
             then partner_program.now_ms() + make_interval(secs => $7) end
     where id = $1 and status = 'waiting' and attempts = $2 - 1
    returning next_attempt_at as "nextAttemptAt"`,
};

/** Writes an attempt down. @returns when the next one is due; undefined when another worker wrote it down already */
export async function recordAttempt(
  tx: EntityManager,
  deliveryId: string,
  { attempt, status, durationMs, responseStatus, answer, delaySeconds }: AttemptResult,
): Promise<{ nextAttemptAt: Date | null } | undefined> {
  const params = [deliveryId, attempt, status, durationMs, responseStatus, answer, delaySeconds ?? null];
  // TypeORM answers an UPDATE … RETURNING with the rows and their number.
  const [rows] = await run<{ nextAttemptAt: Date | null }[]>(tx, RECORD, params);
  return rows![0];
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
    update partner_program.webhook_endpoint e set active = false, disabled_at = partner_program.now_ms()
      from partner_program.webhook_delivery d
     where d.id = $1 and e.id = d.endpoint_id and e.active
       and ($2 or e.delivered_at is null or e.delivered_at < d.queued_at)
    returning e.id`,
};

/**
 * Gives up on the endpoint of a delivery that failed for good, if nothing else came through since it was queued.
 * @param gone the endpoint itself said that it is there no more
 */
export async function disableEndpoint(tx: EntityManager, deliveryId: string, gone: boolean): Promise<boolean> {
  const [, count] = await run<unknown>(tx, DISABLE, [deliveryId, gone]);
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
    ), delivery as (
      insert into partner_program.webhook_delivery (event_id, endpoint_id) select id, $1 from event returning id
    ), added as (
      insert into partner_program.job (key, kind, payload)
      select 'webhook:' || id || ':1', 'webhook', jsonb_build_object('deliveryId', id::text, 'attempt', 1) from delivery
    )
    select id, pg_notify('${JOBS_CHANNEL}', '') from delivery`,
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
     where id = $1 and status <> 'waiting'
    returning attempts + 1 as attempt`,
};

/** Begins another round. @returns its first attempt; undefined for a delivery that is still on its way */
export async function beginReplay(tx: EntityManager, deliveryId: string): Promise<number | undefined> {
  const [rows] = await run<{ attempt: number }[]>(tx, REPLAY, [deliveryId]);
  return rows![0]?.attempt;
}

/** A delivery as those who look after it see it. */
export type DeliveryRow = Pick<
  WebhookDelivery,
  | 'id'
  | 'eventId'
  | 'status'
  | 'attempts'
  | 'queuedAt'
  | 'nextAttemptAt'
  | 'attemptedAt'
  | 'durationMs'
  | 'responseStatus'
  | 'answer'
> & { readonly type: string; readonly occurredAt: Date; readonly data: Readonly<Record<string, unknown>> };

const LIST = {
  name: 'webhooks-deliveries',
  text: `
    select d.id, d.event_id as "eventId", v.type, v.occurred_at as "occurredAt", v.data, d.status, d.attempts,
           d.queued_at as "queuedAt", d.next_attempt_at as "nextAttemptAt", d.attempted_at as "attemptedAt",
           d.duration_ms as "durationMs", d.response_status as "responseStatus", d.answer
      from partner_program.webhook_delivery d join partner_program.webhook_event v on v.id = d.event_id
     where d.endpoint_id = $1 and ($2::bigint is null or d.id < $2) order by d.id desc limit $3`,
};

/** Of an endpoint, the newest first. @param before the id of the last one on the page before */
export function listDeliveries(
  tx: EntityManager,
  endpointId: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<DeliveryRow[]> {
  return run(tx, LIST, [endpointId, before, limit]);
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
