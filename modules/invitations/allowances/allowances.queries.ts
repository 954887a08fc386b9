import type { EntityManager } from 'typeorm';
import { run } from '../../kernel/query';
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

const FORGET = {
  name: 'allowances-forget',
  text: `delete from partner_program.allowance where begins_at < partner_program.now_ms() - interval '2 days'`,
};

export async function forgetAllowances(tx: EntityManager): Promise<void> {
  await run(tx, FORGET);
}
