import type { EntityManager } from 'typeorm';
import { run } from '../../kernel/query';

/** So many attempts at once, and one more after each so many seconds. */
export interface AttemptLimit {
  readonly name: string;
  readonly burst: number;
  readonly secondsEach: number;
}

// Each attempt moves `spent_until` on by its share of time; it may never lie further ahead than the whole burst. Where it
// does, the clock was put back since, and what it says is forgiven: nobody is locked out for as long as the clock erred.
const TAKE = {
  name: 'accounts-attempt-take',
  text: `
    with taken as (
      insert into partner_program.attempt as a (key, spent_until)
      values ($1, partner_program.now_ms() + make_interval(secs => $3))
      on conflict (key) do update
         set spent_until = make_interval(secs => $3) + case when a.spent_until > partner_program.now_ms()
               + make_interval(secs => $2 * $3) then partner_program.now_ms()
             else greatest(a.spent_until, partner_program.now_ms()) end
       where greatest(a.spent_until, partner_program.now_ms()) + make_interval(secs => $3)
             <= partner_program.now_ms() + make_interval(secs => $2 * $3)
          or a.spent_until > partner_program.now_ms() + make_interval(secs => $2 * $3)
      returning 1
    )
    select exists (select from taken) as taken,
           ceil(extract(epoch from (select spent_until from partner_program.attempt where key = $1)
             - partner_program.now_ms()) - ($2 - 1) * $3)::integer as "waitSeconds"`,
};

/** Takes one attempt, or says how long to wait for the next; atomic, however many ask at once. */
export async function takeAttempt(
  tx: EntityManager,
  key: string,
  { burst, secondsEach }: AttemptLimit,
): Promise<{ taken: boolean; waitSeconds: number | null }> {
  const [row] = await run<{ taken: boolean; waitSeconds: number | null }>(tx, TAKE, [key, burst, secondsEach]);
  return row!;
}

const SPENT = {
  name: 'accounts-attempt-spent',
  text: `
    select ceil(extract(epoch from spent_until - partner_program.now_ms()))::integer as seconds
      from partner_program.attempt where key = $1 and spent_until > partner_program.now_ms()`,
};

/** How many seconds of waiting would forgive everything; 0 where nothing was taken. */
export async function spentSeconds(tx: EntityManager, key: string): Promise<number> {
  const [row] = await run<{ seconds: number }>(tx, SPENT, [key]);
  return row?.seconds ?? 0;
}

const GIVE_BACK = {
  name: 'accounts-attempt-give-back',
  text: `update partner_program.attempt set spent_until = spent_until - make_interval(secs => $2) where key = $1`,
};

export async function giveBackAttempt(tx: EntityManager, key: string, { secondsEach }: AttemptLimit): Promise<void> {
  await run(tx, GIVE_BACK, [key, secondsEach]);
}

const FORGET = { name: 'accounts-attempt-forget', text: 'delete from partner_program.attempt where key = $1' };

export async function forgetAttempts(tx: EntityManager, key: string): Promise<void> {
  await run(tx, FORGET, [key]);
}

const PURGE = {
  name: 'accounts-attempt-purge',
  text: 'delete from partner_program.attempt where spent_until < partner_program.now_ms()',
};

export async function purgeAttempts(tx: EntityManager): Promise<void> {
  await run(tx, PURGE);
}
