import { RulebookService } from '../money/commissions/calculation/rulebook.service';
import type { Difference } from '../money/commissions/rederivation/rederivation';
import { countContracts } from '../money/commissions/rederivation/rederivation.queries';
import { RederivationService } from '../money/commissions/rederivation/rederivation.service';
import { Program } from '../platform/program/program.service';
import { PlansService } from '../rules/plans/plans.service';
import { print, printJson, progressOf } from './terminal.command';
import type { Context } from './terminal.command';

/** Derives every commission again. @returns whether nothing differs @see Q3 */
export async function rederive({ db, terminal, json }: Context): Promise<boolean> {
  const rederivation = new RederivationService(db, new RulebookService(new PlansService(db, new Program(db))));
  const total = await countContracts(db.manager);
  const progress = progressOf('Contracts', terminal);
  const differences: Difference[] = [];
  let contracts = 0;
  try {
    for await (const batch of rederivation.batches()) {
      contracts += batch.contracts;
      differences.push(...batch.differences);
      progress.at(contracts, total);
    }
  } finally {
    progress.end();
  }
  const ok = differences.length === 0;
  if (json) printJson(terminal, { ok, contracts, differences });
  else print(terminal, ...differences.map(sentenceOf), `Contracts: ${contracts}, differences: ${differences.length}`);
  return ok;
}

function sentenceOf({ contractId, eventVersion, level, field, stored, derived }: Difference): string {
  const place = `${contractId} version ${eventVersion}${level === null ? '' : ` level ${level}`}`;
  return `${place}: ${field} is ${stored}, derived ${derived}`;
}
