import type { EntityManager } from 'typeorm';
import { rows, run } from '../../kernel/query';
import type { Retention } from '../retention/retention.service';

/** So much at once, and one more after each so many seconds. */
export interface Rate {
  readonly burst: number;
  readonly secondsEach: number;
}

// What is taken moves `spent_until` on by its share of time; it may never lie further ahead than the whole burst. Where it
// does, the clock was put back since, and what it says is forgiven: nobody is locked out for as long as the clock erred.
const TAKE = {
  name: 'throttle-take',
  text: `
    with taken as (
      insert into partner_program.throttle as t (key, spent_until)
      values ($1, partner_program.now_ms() + make_interval(secs => $3))
      on conflict (key) do update
         set spent_until = make_interval(secs => $3) + case when t.spent_until > partner_program.now_ms()
               + make_interval(secs => $2 * $3) then partner_program.now_ms()
             else greatest(t.spent_until, partner_program.now_ms()) end
       where greatest(t.spent_until, partner_program.now_ms()) + make_interval(secs => $3)
             <= partner_program.now_ms() + make_interval(secs => $2 * $3)
          or t.spent_until > partner_program.now_ms() + make_interval(secs => $2 * $3)
      returning 1
    )
    select exists (select from taken) as taken,
           ceil(extract(epoch from (select spent_until from partner_program.throttle where key = $1)
             - partner_program.now_ms()) - ($2 - 1) * $3)::integer as wait_seconds`,
};

/**
 * Takes one, or says how long to wait for the next. A concurrent taker of the same key blocks until this transaction
 * ends, so however many ask at once, no more than the burst gets through.
 */
export async function takeOne(
  tx: EntityManager,
  key: string,
  { burst, secondsEach }: Rate,
): Promise<{ taken: boolean; waitSeconds: number | null }> {
  const [row] = await rows<{ taken: boolean; waitSeconds: number | null }>(tx, TAKE, [key, burst, secondsEach]);
  return row!;
}

const SPENT = {
  name: 'throttle-spent',
  text: `
    select ceil(extract(epoch from spent_until - partner_program.now_ms()))::integer as seconds
      from partner_program.throttle where key = $1 and spent_until > partner_program.now_ms()`,
};

/** How many seconds of waiting would give everything back; 0 where nothing was taken. */
export async function spentSeconds(tx: EntityManager, key: string): Promise<number> {
  const [row] = await rows<{ seconds: number }>(tx, SPENT, [key]);
  return row?.seconds ?? 0;
}

const GIVE_BACK = {
  name: 'throttle-give-back',
  text: `update partner_program.throttle set spent_until = spent_until - make_interval(secs => $2) where key = $1`,
};

export async function giveOneBack(tx: EntityManager, key: string, { secondsEach }: Rate): Promise<void> {
  await run(tx, GIVE_BACK, [key, secondsEach]);
}

export const THROTTLE_RETENTION: readonly Retention[] = [
  {
    name: 'retention-throttle',
    what: 'what was counted against a limit and counts no longer',
    days: 0,
    everySeconds: 60,
    text: `
      delete from partner_program.throttle where key in (
        select key from partner_program.throttle
         where spent_until < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
];
