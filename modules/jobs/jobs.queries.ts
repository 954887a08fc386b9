import type { EntityManager } from 'typeorm';
import { run } from '../kernel/query';

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
}

/** The channel on which a commit that adds jobs wakes the workers. */
export const JOBS_CHANNEL = 'partner_program_jobs';

const ADD = {
  name: 'jobs-add',
  text: `
    with added as (
      insert into partner_program.job (key, kind, payload, due_at)
      select key, kind, payload, coalesce(due_at, partner_program.now_ms())
        from unnest($1::text[], $2::text[], $3::jsonb[], $4::timestamptz[]) as new (key, kind, payload, due_at)
      on conflict (key) do nothing
      returning id
    )
    select pg_notify('${JOBS_CHANNEL}', '') from added limit 1`,
};

/** Adds jobs in the caller's transaction; workers hear of it when it commits. */
export async function addJobs(tx: EntityManager, jobs: readonly NewJob[]): Promise<void> {
  await run(tx, ADD, [
    jobs.map(({ key }) => key),
    jobs.map(({ kind }) => kind),
    jobs.map(({ payload }) => JSON.stringify(payload)),
    jobs.map(({ dueAt }) => dueAt ?? null),
  ]);
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
  return run(tx, CLAIM, [kind, limit]);
}

const CLAIM_ONE = {
  name: 'jobs-claim-one',
  text: `select id, key, payload, attempts from partner_program.job
          where id = $1 and status = 'waiting' for update skip locked`,
};

export async function claimJob(tx: EntityManager, id: string): Promise<ClaimedJob | undefined> {
  const [job] = await run<ClaimedJob>(tx, CLAIM_ONE, [id]);
  return job;
}

const LEASE = {
  name: 'jobs-lease',
  text: `
    update partner_program.job set due_at = partner_program.now_ms() + make_interval(secs => $2)
     where id = (select id from partner_program.job
                  where kind = $1 and status = 'waiting' and due_at <= partner_program.now_ms()
                  order by due_at, id limit 1 for update skip locked)
    returning id, key, payload, attempts`,
};

/** Takes one due job for a while without holding a transaction: nobody else sees it as due until the lease ends. */
export async function leaseJob(tx: EntityManager, kind: string, seconds: number): Promise<ClaimedJob | undefined> {
  // TypeORM answers an UPDATE … RETURNING with the rows and their number.
  const [rows] = await run<ClaimedJob[]>(tx, LEASE, [kind, seconds]);
  return rows![0];
}

const COMPLETE = {
  name: 'jobs-complete',
  text: `update partner_program.job set status = 'done', finished_at = partner_program.now_ms() where id = any ($1)`,
};

export async function completeJobs(tx: EntityManager, ids: readonly string[]): Promise<void> {
  await run(tx, COMPLETE, [ids]);
}

const POSTPONE = {
  name: 'jobs-postpone',
  text: `
    update partner_program.job set attempts = attempts + 1, last_error = $2,
           due_at = partner_program.now_ms() + make_interval(secs => $3),
           status = case when $4 then 'dead' else 'waiting' end,
           finished_at = case when $4 then partner_program.now_ms() end
     where id = $1 and status = 'waiting'`,
};

/** Writes a failure down: tried again after the delay, or dead, which an administrator sees and can undo. */
export async function postponeJob(
  tx: EntityManager,
  id: string,
  { error, delaySeconds, dead }: { error: string; delaySeconds: number; dead: boolean },
): Promise<void> {
  await run(tx, POSTPONE, [id, error, delaySeconds, dead]);
}
