import type { EntityManager } from 'typeorm';
import { changed, rows, run } from '../../kernel/query';

export interface NewJob {
  /** Says what it is about, so that adding it twice adds it once. */
  readonly key: string;
  readonly kind: string;
  readonly payload: object;
  /** Not before this moment; at once where not given. */
  readonly dueAt?: Date;
}

export interface ClaimedJob<Payload = unknown> {
  readonly id: string;
  readonly key: string;
  readonly payload: Payload;
  readonly attempts: number;
  /** Of a leased job: with which others it shares a bounded part of the worker. */
  readonly queue?: string | null;
  /** Of a leased job: until when; another worker's lease ends at another moment. */
  readonly leasedUntil?: Date;
}

/** The channel on which workers are woken. */
export const JOBS_CHANNEL = 'partner_program_jobs';

const ADD = {
  name: 'jobs-add',
  text: `
    insert into partner_program.job (key, kind, payload, due_at)
    select key, kind, payload, coalesce(due_at, partner_program.now_ms())
      from unnest($1::text[], $2::text[], $3::jsonb[], $4::timestamptz[]) as new (key, kind, payload, due_at)
    on conflict (key) do nothing`,
};

/** Adds jobs in the caller's transaction. */
export async function addJobs(tx: EntityManager, jobs: readonly NewJob[]): Promise<void> {
  await run(tx, ADD, [
    jobs.map(({ key }) => key),
    jobs.map(({ kind }) => kind),
    jobs.map(({ payload }) => JSON.stringify(payload)),
    jobs.map(({ dueAt }) => dueAt ?? null),
  ]);
}

const ADD_RECURRING = {
  name: 'jobs-add-recurring',
  text: `
    with recurring as (
      select 'recurring:' || kind as key, kind, seconds from unnest($1::text[], $2::integer[]) as s (kind, seconds)
    ), added as (
      insert into partner_program.job (key, kind, payload) select key, kind, '{}' from recurring on conflict (key) do nothing
    )
    update partner_program.job set due_at = partner_program.now_ms()
      from recurring
     where job.key = recurring.key and due_at > partner_program.now_ms() + make_interval(secs => seconds)`,
};

/** Adds recurring jobs that are not there; one put off for longer than its period, by a clock that was wrong, is due. */
export async function addRecurringJobs(tx: EntityManager, recurring: ReadonlyMap<string, number>): Promise<void> {
  await run(tx, ADD_RECURRING, [[...recurring.keys()], [...recurring.values()]]);
}

const RECALL = {
  name: 'jobs-recall',
  text: `
    update partner_program.job
       set due_at = due_at - (created_at - partner_program.now_ms()), created_at = partner_program.now_ms()
     where status = 'waiting' and created_at > partner_program.now_ms() + interval '1 minute'`,
};

/** Brings jobs back into the present that were added while the clock of the database was ahead. @see F15 */
export async function recallJobs(tx: EntityManager): Promise<void> {
  await run(tx, RECALL);
}

const WAKE = { name: 'jobs-wake', text: `select pg_notify('${JOBS_CHANNEL}', '')` };

/** Wakes the workers of all processes. */
export async function wakeWorkers(db: EntityManager): Promise<void> {
  await run(db, WAKE);
}

const DUE_KINDS = {
  name: 'jobs-due-kinds',
  text: `
    select kind from unnest($1::text[]) as kind
     where exists (select 1 from partner_program.job
                    where job.kind = kind.kind and status = 'waiting' and due_at <= partner_program.now_ms())`,
};

/** Those of these kinds of which a job is due: one look instead of one for each kind. */
export async function dueKinds(tx: EntityManager, kinds: readonly string[]): Promise<Set<string>> {
  const found = await rows<{ kind: string }>(tx, DUE_KINDS, [kinds]);
  return new Set(found.map(({ kind }) => kind));
}

const CLAIM = {
  name: 'jobs-claim',
  text: `
    select id, key, payload, attempts from partner_program.job
     where kind = $1 and status = 'waiting' and due_at <= partner_program.now_ms()
     order by due_at, id limit $2 for update skip locked`,
};

/** Due jobs of a kind that nobody else works on; they stay claimed until the transaction ends. */
export function claimJobs(tx: EntityManager, kind: string, limit: number): Promise<ClaimedJob[]> {
  return rows(tx, CLAIM, [kind, limit]);
}

const CLAIM_ONE = {
  name: 'jobs-claim-one',
  text: `select id, key, payload, attempts from partner_program.job
          where id = $1 and status = 'waiting' for update skip locked`,
};

export async function claimJob(tx: EntityManager, id: string): Promise<ClaimedJob | undefined> {
  const [job] = await rows<ClaimedJob>(tx, CLAIM_ONE, [id]);
  return job;
}

const LEASE = {
  name: 'jobs-lease',
  text: `
    update partner_program.job set due_at = partner_program.now_ms() + make_interval(secs => $2)
     where id = (select id from partner_program.job
                  where kind = $1 and status = 'waiting' and due_at <= partner_program.now_ms()
                    and (queue is null or queue <> all ($3))
                  order by due_at, id limit 1 for update skip locked)
    returning id, key, payload, attempts, queue, due_at as leased_until`,
};

/**
 * Takes one due job for a while without holding a transaction: nobody else sees it as due until the lease ends.
 * @param fullQueues of which none is taken
 */
export async function leaseJob(
  tx: EntityManager,
  kind: string,
  { seconds, fullQueues }: { seconds: number; fullQueues: readonly string[] },
): Promise<ClaimedJob | undefined> {
  const found = await rows<ClaimedJob>(tx, LEASE, [kind, seconds, fullQueues]);
  return found[0];
}

const COMPLETE = {
  name: 'jobs-complete',
  text: `
    update partner_program.job set status = 'done', finished_at = partner_program.now_ms()
     where id = any ($1) and ($2::timestamptz is null or due_at = $2 and status = 'waiting')`,
};

/** @param leasedUntil of a leased job, which is left alone when another worker has taken it over */
export async function completeJobs(tx: EntityManager, ids: readonly string[], leasedUntil?: Date): Promise<void> {
  await run(tx, COMPLETE, [ids, leasedUntil ?? null]);
}

const REPEAT = {
  name: 'jobs-repeat',
  text: `
    update partner_program.job set attempts = 0, last_error = null,
           due_at = partner_program.now_ms() + make_interval(secs => $2)
     where id = any ($1) and ($3::timestamptz is null or due_at = $3 and status = 'waiting')`,
};

/** Instead of being done, a recurring job is due again. */
export async function repeatJobs(
  tx: EntityManager,
  ids: readonly string[],
  everySeconds: number,
  leasedUntil?: Date,
): Promise<void> {
  await run(tx, REPEAT, [ids, everySeconds, leasedUntil ?? null]);
}

const POSTPONE = {
  name: 'jobs-postpone',
  text: `
    update partner_program.job set attempts = attempts + case when $5 then 1 else 0 end, last_error = $2,
           due_at = partner_program.now_ms() + make_interval(secs => $3),
           status = case when $4 then 'dead' else 'waiting' end,
           finished_at = case when $4 then partner_program.now_ms() end
     where id = $1 and status = 'waiting' and ($6::timestamptz is null or due_at = $6)`,
};

export interface Failure {
  readonly error: string;
  readonly delaySeconds: number;
  readonly dead: boolean;
  /** Whether it counts as an attempt. */
  readonly counted: boolean;
}

/** Writes a failure down: tried again after the delay, or dead, which an administrator sees and can undo. */
export async function postponeJob(
  tx: EntityManager,
  { id, leasedUntil }: ClaimedJob,
  { error, delaySeconds, dead, counted }: Failure,
): Promise<void> {
  await run(tx, POSTPONE, [id, error, delaySeconds, dead, counted, leasedUntil ?? null]);
}

/** A job as an administrator sees it. */
export interface JobRow {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly status: 'waiting' | 'done' | 'dead';
  readonly attempts: number;
  readonly lastError: string | null;
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

const LIST = {
  name: 'jobs-list',
  text: `
    select id, key, kind, status, attempts, last_error, due_at, created_at,
           finished_at
      from partner_program.job
     where status = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
};

/** Jobs of a status, the newest first. @param before the id of the last one on the page before */
export function listJobs(
  tx: EntityManager,
  { status, before, limit }: { status: JobRow['status']; before: string | null; limit: number },
): Promise<JobRow[]> {
  return rows(tx, LIST, [status, before, limit]);
}

/** How the jobs of one kind stand; what was done is not counted. */
export interface JobCounts {
  readonly kind: string;
  readonly due: number;
  /** For later: also outbound jobs that a worker has taken, and recurring jobs between two turns. */
  readonly scheduled: number;
  readonly dead: number;
  /** 0 where none is due. */
  readonly oldestDueSeconds: number;
}

const COUNT = {
  name: 'jobs-count',
  text: `
    select kind, coalesce(w.due, 0)::int as due, coalesce(w.scheduled, 0)::int as scheduled,
           coalesce(d.dead, 0)::int as dead, coalesce(w.seconds, 0)::float8 as oldest_due_seconds
      from unnest($1::text[]) as known (kind)
      left join (
        select kind, count(*) filter (where due_at <= now.ms) as due, count(*) filter (where due_at > now.ms) as scheduled,
               greatest(extract(epoch from max(now.ms) - min(due_at)), 0) as seconds
          from partner_program.job, partner_program.now_ms() as now (ms) where status = 'waiting' group by kind
      ) w using (kind)
      left join (select kind, count(*) as dead from partner_program.job where status = 'dead' group by kind) d
      using (kind)`,
};

/** Of each of these kinds, read from the two indexes that leave out what was done. */
export function countJobs(tx: EntityManager, kinds: readonly string[]): Promise<JobCounts[]> {
  return rows(tx, COUNT, [kinds]);
}

const REVIVE = {
  name: 'jobs-revive',
  text: `
    with revived as (
      update partner_program.job set status = 'waiting', finished_at = null, attempts = 0,
             due_at = partner_program.now_ms()
       where id = $1 and status = 'dead' returning id
    )
    select j.id = r.id as revived, pg_notify('${JOBS_CHANNEL}', '')
      from partner_program.job j left join revived r on r.id = j.id where j.id = $1`,
};

/** Gives a dead job another life. @returns whether it was dead; undefined for an unknown one */
export async function reviveJob(tx: EntityManager, id: string): Promise<boolean | undefined> {
  const [row] = await rows<{ revived: boolean | null }>(tx, REVIVE, [id]);
  return row && row.revived === true;
}

const HOLD = {
  name: 'jobs-bury',
  text: `
    update partner_program.job set status = 'dead', finished_at = partner_program.now_ms(), last_error = $2
     where status = 'waiting' and kind = any ($1) and key not like 'recurring:%'`,
};

/** Makes waiting jobs of these kinds dead, with the reason for whoever may revive them. @returns how many */
export function buryJobs(tx: EntityManager, kinds: readonly string[], reason: string): Promise<number> {
  return changed(tx, HOLD, [kinds, reason]);
}

// What they were about is remembered where it matters, by the rooms' own tables and the ledger's keys, so that a change
// reported again after that still counts once. The retention room runs it, which stands above this one.
export const JOBS_RETENTION = [
  {
    name: 'retention-jobs',
    what: 'mails and other jobs that were done',
    days: 30,
    text: `
      delete from partner_program.job where id in (
        select id from partner_program.job
         where status = 'done' and finished_at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
];
