import type { DataSource } from 'typeorm';
import { recompute } from '../ledger/integrity/integrity.service';
import type { IntegrityReport } from '../ledger/integrity/integrity.service';
import { INTEGRITY_CHECKS } from './integrity-checks';
import { print, printJson, progressOf } from './terminal.command';
import type { Context } from './terminal.command';

/**
 * Recomputes every invariant of the database, with no program running. It only reads.
 * @param progress called after each of the rules
 * @see Q6
 */
export function checkIntegrity(
  db: DataSource,
  progress?: (done: number, rules: number) => void,
): Promise<IntegrityReport> {
  return recompute(db, INTEGRITY_CHECKS, progress);
}

/** Proves every invariant. @returns whether all hold @see Q6 */
export async function proveIntegrity({ db, terminal, json }: Context): Promise<boolean> {
  const progress = progressOf('Rules', terminal);
  const report = await checkIntegrity(db, progress.at).finally(progress.end);
  const { ok, checks, seal } = report;
  if (json) {
    printJson(terminal, report);
    return ok;
  }
  for (const check of checks) {
    print(terminal, `${check.ok ? 'holds ' : 'BROKEN'}  ${check.id.padEnd(3)}  ${check.what}`);
    for (const row of check.rows) print(terminal, `          ${JSON.stringify(row)}`);
  }
  if (seal) {
    print(terminal, `Seal ${seal.number} of ${seal.sealedAt.toISOString()}, to be kept elsewhere: ${seal.hash}`);
  }
  print(terminal, ok ? 'Everything holds.' : 'The books are not in order: pay nothing out before this is explained.');
  return ok;
}
