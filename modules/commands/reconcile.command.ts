import { setTimeout as pause } from 'node:timers/promises';
import { reconcileNow, reconciliationSince } from '../money/commissions/reconciliation/reconciliation.queries';
import { CommandError, print, printJson } from './terminal.command';
import type { Context } from './terminal.command';

const LOOK_EVERY_MS = 250;

/**
 * Has the running program ask the CRM for changes that it was never given: only there is a {@link Host} to ask.
 *
 * @param options `wait` in seconds
 * @returns whether the CRM answered
 * @throws CommandError when no worker has taken it up by then
 */
export async function reconcile({ db, terminal, json }: Context, { wait }: { wait: number }): Promise<boolean> {
  const asked = await reconcileNow(db.manager);
  if (!asked) throw new CommandError('No worker has run on this database yet: start the application first.');
  for (let waitedMs = 0; waitedMs < wait * 1_000; waitedMs += LOOK_EVERY_MS) {
    const { done, error: told } = await reconciliationSince(db.manager, asked);
    const error = told?.split('\n')[0] ?? null; // without its stack
    if (done || error !== null) {
      const ok = error === null;
      if (json) printJson(terminal, { ok, askedAt: asked, error });
      else if (ok) print(terminal, 'The CRM was asked; commissions of what had been missed follow.');
      else print(terminal, `The CRM could not be asked; it is tried again. ${error}`);
      return ok;
    }
    await pause(LOOK_EVERY_MS);
  }
  throw new CommandError(
    `No worker took it up within ${wait} seconds: does the application run? It is still asked for.`,
  );
}
