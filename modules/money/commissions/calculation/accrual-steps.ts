import { FULL_BPS } from '../../../kernel/money';
import type { CommissionLine } from './commission-split';
import type { Accrual } from './contract-history';
import { takenBackOf } from './taken-back';

/** What was calculated for an accrual so far. */
export interface AccrualState extends Accrual {
  readonly asOf: Date;
  readonly planVersionId: string | null;
  readonly lines: readonly StepLine[];
}

/** A line with what it moved, in one step or in all so far; minor units, negative for money taken back. */
export interface StepLine extends CommissionLine {
  readonly postedMinor: number;
}

export type StepKind = 'accrual' | 'revaluation' | 'reversal' | 'retraction';

/** One calculation to be stored and posted: the lines carry what this step moves. */
export interface AccrualStep extends AccrualState {
  readonly kind: StepKind;
}

/** The rules applied to a base, as of the moment the accrual of that version began. */
export type Calculate = (
  accrualVersion: number,
  baseMinor: number,
) => Pick<AccrualState, 'asOf' | 'planVersionId'> & { readonly lines: readonly CommissionLine[] };

/**
 * What is still to be done to get from what was posted to what should be. Because the target of a line is its amount
 * less the floored share taken back, several partial reversals add up to the whole exactly and never pass it; and a
 * full one leaves nothing.
 *
 * @param states  what is posted, by accrual
 * @param targets what should be
 * @returns steps in the order of their accruals; none when everything stands as it should
 * @see Q4
 */
export function stepsTo(
  states: readonly AccrualState[],
  targets: readonly Accrual[],
  calculate: Calculate,
): AccrualStep[] {
  const retracted = states.filter(
    (state) => state.reversedBps < FULL_BPS && !targets.some(({ version }) => version === state.version),
  );
  return [
    ...retracted.map((state) => ({
      ...step(state, { ...state, reversedBps: FULL_BPS, reversedMinor: 0 }, state.lines),
      kind: 'retraction' as const,
    })),
    ...targets.flatMap((target): AccrualStep[] => {
      const state = states.find(({ version }) => version === target.version);
      if (!state || state.basisMinor !== target.basisMinor) {
        const { lines, ...rules } = calculate(target.version, target.basisMinor);
        return [{ ...step(state, { ...target, ...rules }, lines), kind: state ? 'revaluation' : 'accrual' }];
      }
      if (state.reversedBps === target.reversedBps && state.reversedMinor === target.reversedMinor) return [];
      return [{ ...step(state, { ...state, ...target }, state.lines), kind: 'reversal' }];
    }),
  ];
}

function step(
  before: AccrualState | undefined,
  target: Omit<AccrualState, 'lines'>,
  lines: readonly CommissionLine[],
): Omit<AccrualStep, 'kind'> {
  const posted = new Map(before?.lines.map(({ level, postedMinor }) => [level, postedMinor]));
  return {
    ...target,
    lines: lines.map((line) => ({
      ...line,
      postedMinor: line.amountMinor - takenBackOf(line.amountMinor, target) - (posted.get(line.level) ?? 0),
    })),
  };
}

/** The state after a step: the lines now carry everything moved so far. */
export function stateAfter(before: AccrualState | undefined, { kind: _, ...step }: AccrualStep): AccrualState {
  const posted = new Map(before?.lines.map(({ level, postedMinor }) => [level, postedMinor]));
  return {
    ...step,
    lines: step.lines.map((line) => ({ ...line, postedMinor: line.postedMinor + (posted.get(line.level) ?? 0) })),
  };
}
