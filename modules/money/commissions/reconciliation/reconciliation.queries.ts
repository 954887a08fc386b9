import type { EntityManager } from 'typeorm';
import { rows, run } from '../../../kernel/query';
import { JOBS_CHANNEL } from '../../../platform/jobs/jobs.queries';

const READ = { name: 'reconciliation-read', text: 'select cursor from partner_program.reconciliation' };

/** The host's cursor; null before the first time. */
export async function reconciledUpTo(tx: EntityManager): Promise<string | null> {
  const [row] = await rows<{ cursor: string | null }>(tx, READ);
  return row!.cursor;
}

const SAVE = {
  name: 'reconciliation-save',
  text: 'update partner_program.reconciliation set cursor = $1, reconciled_at = partner_program.now_ms()',
};

export async function saveReconciledUpTo(tx: EntityManager, cursor: string | null): Promise<void> {
  await run(tx, SAVE, [cursor]);
}

const NOW = {
  name: 'reconciliation-now',
  text: `
    with standing as (
      update partner_program.job set due_at = partner_program.now_ms(), attempts = 0, last_error = null
       where key = 'recurring:reconcile' returning id
    )
    select partner_program.now_ms() as asked_at, pg_notify('${JOBS_CHANNEL}', '') from standing`,
};

/** Has a worker ask the host now instead of at its time. @returns since when; null where no worker ever ran */
export async function reconcileNow(tx: EntityManager): Promise<Date | null> {
  const [row] = await rows<{ askedAt: Date }>(tx, NOW);
  return row?.askedAt ?? null;
}

const SINCE = {
  name: 'reconciliation-since',
  text: `
    select coalesce(r.reconciled_at >= $1 and j.due_at > partner_program.now_ms() + interval '1 hour', false) as done,
           j.last_error as error
      from partner_program.job j left join partner_program.reconciliation r on true
     where j.key = 'recurring:reconcile'`,
};

/** Whether everything was reported since a moment, or why the last attempt failed. */
export async function reconciliationSince(
  tx: EntityManager,
  asked: Date,
): Promise<{ readonly done: boolean; readonly error: string | null }> {
  const [row] = await rows<{ done: boolean; error: string | null }>(tx, SINCE, [asked]);
  return { done: row?.done ?? false, error: row?.error ?? null };
}
