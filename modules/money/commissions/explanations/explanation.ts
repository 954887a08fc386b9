import { FULL_BPS } from '../../../kernel/money';
import type { StepLine } from '../calculation/accrual-steps';
import { takenBackBps, takenBackOf } from '../calculation/taken-back';
import type { CalculationRow } from '../commissions.queries';

/** How an amount of a history came about: `ruleMinor - takenBackMinor - beforeMinor` is the amount. */
export interface Composition {
  readonly basisMinor: number;
  readonly rateBps: number | null;
  /** What the rate gives, or the plan's fixed amount, in whole minor units and before the contract's cap. */
  readonly uncappedMinor: number;
  /** What rounding down took off, in ten-thousandths of a minor unit; below 10 000. */
  readonly roundedOff: number;
  /** What the cap took off. */
  readonly cappedMinor: number;
  /** What the rules give. */
  readonly ruleMinor: number;
  /** The share of it that was taken back by then, this step included: basis points, rounded down. */
  readonly reversedBps: number;
  /** The part of the base that was given back as an amount, this step included. */
  readonly reversedMinor: number;
  readonly takenBackMinor: number;
  /** What the steps before had posted. */
  readonly beforeMinor: number;
  readonly amountMinor: number;
}

/** What rounding down took off a line, in ten-thousandths of a minor unit; below 10 000. @see Q5 */
export function roundedOff(basisMinor: number, { rateBps, uncappedMinor }: RatedLine): number {
  return uncappedMinor > 0 ? Number((BigInt(basisMinor) * BigInt(rateBps ?? 0)) % BigInt(FULL_BPS)) : 0;
}

type RatedLine = Pick<StepLine, 'rateBps' | 'uncappedMinor'>;

/**
 * Explains what a step moved for one person on the path.
 *
 * @param steps every calculation of the contract, the oldest first
 * @param step  one of them
 * @param line  one of its lines
 * @see Q2 Q4 Q5
 */
export function compositionOf(
  steps: readonly CalculationRow[],
  step: CalculationRow,
  { level, rateBps, uncappedMinor, amountMinor: ruleMinor, postedMinor }: StepLine,
): Composition {
  const earlier = steps.slice(0, steps.indexOf(step)).filter(({ version }) => version === step.version);
  return {
    basisMinor: step.basisMinor,
    rateBps,
    uncappedMinor,
    roundedOff: roundedOff(step.basisMinor, { rateBps, uncappedMinor }),
    cappedMinor: uncappedMinor - ruleMinor,
    ruleMinor,
    reversedBps: takenBackBps(step),
    reversedMinor: step.reversedMinor,
    takenBackMinor: takenBackOf(ruleMinor, step),
    beforeMinor: earlier
      .flatMap(({ lines }) => lines.filter((line) => line.level === level))
      .reduce((sum, line) => sum + line.postedMinor, 0),
    amountMinor: postedMinor,
  };
}
