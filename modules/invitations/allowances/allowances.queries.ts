import type { EntityManager } from 'typeorm';
import { run } from '../../kernel/query';
import { secondsUntilNext } from '../../kernel/window';
import type { RateLimit } from '../../web/rate-limit.interceptor';
import type { Allowance } from './allowance.entity';

/** What a violated allowance is called. */
export const ALLOWANCE_EXCEEDED = 'allowance_not_exceeded';

const SPEND = {
  name: 'allowances-spend',
  text: `
    insert into partner_program.allowance as a (kind, key, begins_at)
    values ($1, $2, date_trunc(case $1 when 'registration' then 'hour' else 'day' end, partner_program.now_ms(), 'utc'))
    on conflict on constraint allowance_pkey do update set spent = a.spent + 1`,
};

/** Counts one more; the check of the table says no. Whoever counts the same waits until this commits. */
export async function spendAllowance(tx: EntityManager, kind: Allowance['kind'], key: string): Promise<void> {
  await run(tx, SPEND, [kind, key]);
}

/** What the check of the table says, and for how long an allowance is: from the beginning of a UTC day or hour. */
const QUOTAS = {
  recipient: { quota: 3, windowSeconds: 86_400 },
  sender: { quota: 50, windowSeconds: 86_400 },
  registration: { quota: 200, windowSeconds: 3_600 },
} as const satisfies Record<Allowance['kind'], object>;

/** Until the next day or hour begins, which has its own allowance. */
export function retryAfterSeconds(kind: Allowance['kind']): number {
  return secondsUntilNext(QUOTAS[kind].windowSeconds, new Date());
}

const SPENT = {
  name: 'allowances-spent',
  text: `
    select spent from partner_program.allowance
     where kind = $1 and key = $2 and begins_at =
           date_trunc(case $1 when 'registration' then 'hour' else 'day' end, partner_program.now_ms(), 'utc')`,
};

/** What is left of an allowance; for those of one's own only. */
export async function allowanceLeft(tx: EntityManager, kind: Allowance['kind'], key: string): Promise<RateLimit> {
  const [row] = await run<{ spent: number }>(tx, SPENT, [kind, key]);
  const { quota, windowSeconds } = QUOTAS[kind];
  const remaining = quota - (row?.spent ?? 0);
  return { name: kind, quota, windowSeconds, remaining, resetSeconds: retryAfterSeconds(kind) };
}

const FORGET = {
  name: 'allowances-forget',
  text: `delete from partner_program.allowance where begins_at < partner_program.now_ms() - interval '2 days'`,
};

export async function forgetAllowances(tx: EntityManager): Promise<void> {
  await run(tx, FORGET);
}
