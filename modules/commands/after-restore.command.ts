import { buryJobs } from '../platform/jobs/jobs.queries';
import { OUTBOUND_JOBS } from '../platform/jobs/outbound-jobs';
import { print, printJson } from './terminal.command';
import type { Context } from './terminal.command';

/**
 * Makes a restored copy safe to start: what it would send may have been sent before, by the program it was copied from.
 * Everything else (commissions, releases, seals) is done again as it should be. @see F22
 */
export async function afterRestore({ db, terminal, json }: Context): Promise<boolean> {
  const held = await buryJobs(db.manager, OUTBOUND_JOBS, 'Held after a restore: it may have been done before.');
  if (json) printJson(terminal, { ok: true, held });
  else print(terminal, `${held} jobs that would send something are held as dead jobs, to be looked at one by one.`);
  return true;
}
