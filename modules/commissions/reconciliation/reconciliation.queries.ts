import type { EntityManager } from 'typeorm';
import { run } from '../../kernel/query';

const READ = { name: 'reconciliation-read', text: 'select cursor from partner_program.reconciliation' };

/** The host's cursor; null before the first time. */
export async function reconciledUpTo(tx: EntityManager): Promise<string | null> {
  const [row] = await run<{ cursor: string | null }>(tx, READ);
  return row!.cursor;
}

const SAVE = {
  name: 'reconciliation-save',
  text: 'update partner_program.reconciliation set cursor = $1, reconciled_at = partner_program.now_ms()',
};

export async function saveReconciledUpTo(tx: EntityManager, cursor: string | null): Promise<void> {
  await run(tx, SAVE, [cursor]);
}
