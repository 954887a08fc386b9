import { countAccruals } from '../commissions/simulation/simulation.queries';
import { SimulationService } from '../commissions/simulation/simulation.service';
import type { SimulationReport } from '../commissions/simulation/simulation.service';
import { minorUnitDigits } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { PlansService } from '../plans/plans.service';
import { CommandError, print, printJson, progressOf } from './terminal.command';
import type { Context } from './terminal.command';

const SHOWN = 20;

interface SimulatedWindow {
  readonly plan: string;
  readonly from: Date;
  readonly to: Date;
}

/** Tries a version of a plan on the contracts of the past. It only reads. @see Q9 */
export async function simulate({ db, terminal, json }: Context, { plan, from, to }: SimulatedWindow): Promise<boolean> {
  const total = await countAccruals(db.manager, { from, to });
  const progress = progressOf('Accruals', terminal);
  const report = await new SimulationService(db, new PlansService(db))
    .simulate(plan, { from, to }, (accruals) => progress.at(accruals, total))
    .catch((error: unknown) => {
      if (error instanceof Refusal) throw new CommandError(WHY[error.code] ?? error.code);
      throw error;
    })
    .finally(progress.end);
  if (json) printJson(terminal, report);
  else print(terminal, ...linesOf(report));
  return true;
}

const WHY: Readonly<Record<string, string>> = {
  NOT_FOUND: 'There is no version of a plan with this id.',
  INVALID_INPUT: 'The time ends before it begins.',
};

function linesOf({ currency, contracts, totalBeforeMinor, totalAfterMinor, partners }: SimulationReport): string[] {
  const money = new Intl.NumberFormat('en', { style: 'currency', currency });
  const amount = (minor: number): string => money.format(minor / 10 ** minorUnitDigits(currency));
  return [
    `Contracts: ${contracts}; ${amount(totalBeforeMinor)} before, ${amount(totalAfterMinor)} after`,
    ...partners.slice(0, SHOWN).map(({ name, beforeMinor, afterMinor }) => {
      return `  ${name}: ${amount(beforeMinor)} before, ${amount(afterMinor)} after`;
    }),
    ...(partners.length > SHOWN ? [`  and ${partners.length - SHOWN} more: --json names them`] : []),
  ];
}
