import { formatMoney } from '../kernel/formats';
import { Refusal } from '../kernel/refusal';
import type { Units } from '../kernel/units';
import { countAccruals } from '../money/commissions/simulation/simulation.queries';
import { SimulationService } from '../money/commissions/simulation/simulation.service';
import type { SimulationReport } from '../money/commissions/simulation/simulation.service';
import { Program } from '../platform/program/program.service';
import { PlansService } from '../rules/plans/plans.service';
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
  const program = new Program(db);
  const total = await countAccruals(db.manager, { from, to });
  const progress = progressOf('Accruals', terminal);
  const report = await new SimulationService(db, new PlansService(db, program))
    .simulate(plan, { from, to }, (accruals) => progress.at(accruals, total))
    .catch((error: unknown) => {
      if (error instanceof Refusal) throw new CommandError(WHY[error.code] ?? error.code);
      throw error;
    })
    .finally(progress.end);
  if (json) printJson(terminal, report);
  else print(terminal, ...linesOf(report, (await program.refresh()).units));
  return true;
}

const WHY: Readonly<Record<string, string>> = {
  NOT_FOUND: 'There is no version of a plan with this id.',
  INVALID_INPUT: 'The time ends before it begins.',
};

function linesOf(
  { currency, contracts, totalBeforeMinor, totalAfterMinor, partners }: SimulationReport,
  units: Units,
): string[] {
  const amount = (minor: number): string => formatMoney('en', minor, units.of(currency));
  return [
    `Contracts: ${contracts}; ${amount(totalBeforeMinor)} before, ${amount(totalAfterMinor)} after`,
    ...partners.slice(0, SHOWN).map(({ name, beforeMinor, afterMinor }) => {
      return `  ${name}: ${amount(beforeMinor)} before, ${amount(afterMinor)} after`;
    }),
    ...(partners.length > SHOWN ? [`  and ${partners.length - SHOWN} more: --json names them`] : []),
  ];
}
