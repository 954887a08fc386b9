import type { DataSource } from 'typeorm';
import { checkIntegrity } from '../../modules/commands/integrity.command';

/** Throws, naming rules and rows, when an invariant of the database is broken. @see Q6 */
export async function expectIntegrity(db: DataSource): Promise<void> {
  const broken = (await checkIntegrity(db)).checks.filter(({ ok }) => !ok);
  if (broken.length === 0) return;
  throw new Error(broken.map(({ id, what, rows }) => `${id}: ${what}\n${JSON.stringify(rows, null, 2)}`).join('\n'));
}
