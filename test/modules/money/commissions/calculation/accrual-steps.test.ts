import fc from 'fast-check';
import { shareOf } from '../../../../../modules/kernel/money';
import { stateAfter, stepsTo } from '../../../../../modules/money/commissions/calculation/accrual-steps';
import type {
  AccrualState,
  AccrualStep,
  Calculate,
} from '../../../../../modules/money/commissions/calculation/accrual-steps';
import { splitCommission } from '../../../../../modules/money/commissions/calculation/commission-split';
import type { Accrual } from '../../../../../modules/money/commissions/calculation/contract-history';
import { aPlan, rates } from '../plan-builder';

const upline = [0, 1, 2].map((level) => ({ partnerId: `partner-${level}`, active: true, rank: null }));
const plan = aPlan({ levels: rates(1_000, 500, 333) });
const asOf = new Date('2026-03-01T10:00:00.000Z');

const calculate: Calculate = (_, baseMinor) => ({
  asOf,
  planVersionId: 'a version',
  lines: splitCommission(baseMinor, upline, plan),
});

const accrual = (reversedBps = 0, basisMinor = 100_00, version = 1): Accrual => ({
  version,
  basisMinor,
  currency: 'PLN',
  reversedBps,
  reversedMinor: 0,
});

/** Goes from target to target; the states and every step taken. */
function walk(...targets: (readonly Accrual[])[]): { states: Map<number, AccrualState>; steps: AccrualStep[] } {
  const states = new Map<number, AccrualState>();
  const steps = targets.flatMap((target) => {
    const taken = stepsTo([...states.values()], target, calculate);
    for (const step of taken) states.set(step.version, stateAfter(states.get(step.version), step));
    return taken;
  });
  return { states, steps };
}

const posted = ({ lines }: AccrualState) => lines.map(({ postedMinor }) => postedMinor);
const movements = (steps: readonly AccrualStep[]) => steps.map((step) => [step.kind, step.version, ...posted(step)]);

describe('the steps of an accrual', () => {
  it('[P12] posts the lines of a new accrual, and nothing when all stands as it should', () => {
    const { steps } = walk([accrual()], [accrual()]);
    expect(movements(steps)).toEqual([['accrual', 1, 1000, 500, 333]]);
  });

  it('[Q4] takes back exactly what was posted', () => {
    const { steps, states } = walk([accrual()], [accrual(10_000)]);
    expect(movements(steps)).toEqual([
      ['accrual', 1, 1000, 500, 333],
      ['reversal', 1, -1000, -500, -333],
    ]);
    expect(posted(states.get(1)!)).toEqual([0, 0, 0]);
  });

  it('[Q4] adds partial reversals up without losing a minor unit', () => {
    const { steps } = walk([accrual()], [accrual(3_333)], [accrual(6_666)], [accrual(9_999)], [accrual(10_000)]);
    expect(movements(steps).slice(1)).toEqual([
      ['reversal', 1, -333, -166, -110],
      ['reversal', 1, -333, -167, -111],
      ['reversal', 1, -333, -166, -111],
      ['reversal', 1, -1, -1, -1],
    ]);
  });

  it('[F31] pays the difference when the value changes, under the rules of the beginning', () => {
    const { steps, states } = walk([accrual()], [accrual(0, 150_00)], [accrual(0, 50_00)]);
    expect(movements(steps).slice(1)).toEqual([
      ['revaluation', 1, 500, 250, 166],
      ['revaluation', 1, -1000, -500, -333],
    ]);
    expect(posted(states.get(1)!)).toEqual([500, 250, 166]);
  });

  it('[Q4] revalues what is left of a partly reversed accrual', () => {
    const { states } = walk([accrual()], [accrual(2_500)], [accrual(2_500, 200_00)]);
    expect(posted(states.get(1)!)).toEqual([1500, 750, 500]);
  });

  it('[P12] begins a second accrual beside the reversed rest of the first', () => {
    const { steps } = walk([accrual()], [accrual(3_000)], [accrual(10_000), accrual(0, 100_00, 3)]);
    expect(movements(steps).slice(2)).toEqual([
      ['reversal', 1, -700, -350, -234],
      ['accrual', 3, 1000, 500, 333],
    ]);
  });

  it('[F26] retracts an accrual that a late event shows never to have begun, and brings it back', () => {
    const { steps, states } = walk([accrual(0, 100_00, 2)], [accrual()], [accrual(10_000), accrual(0, 100_00, 2)]);
    expect(movements(steps).slice(1)).toEqual([
      ['retraction', 2, -1000, -500, -333],
      ['accrual', 1, 1000, 500, 333],
      ['reversal', 1, -1000, -500, -333],
      ['reversal', 2, 1000, 500, 333],
    ]);
    expect([...states.values()].map(posted)).toEqual([
      [1000, 500, 333],
      [0, 0, 0],
    ]);
  });

  it('[Q4] [D5] leads to the same whatever the way there', () => {
    const target = fc
      .tuple(fc.integer({ min: 0, max: 10_000 }), fc.nat(1_000_000))
      .map(([bps, basis]) => [accrual(bps, basis)]);
    fc.assert(
      fc.property(fc.array(fc.oneof(target, fc.constant([])), { minLength: 1, maxLength: 6 }), target, (way, [end]) => {
        const { states } = walk(...way, [end!]);
        const lines = splitCommission(end!.basisMinor, upline, plan);
        const expected = lines.map(({ amountMinor }) => amountMinor - shareOf(amountMinor, end!.reversedBps));
        expect(posted(states.get(1)!)).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('[Q4] never leaves more reversed than was paid, nor anything after the whole', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.nat(1_000_000), (refunds, basisMinor) => {
        let total = 0;
        const targets = refunds.map((bps) => [accrual((total = Math.min(10_000, total + bps)), basisMinor)]);
        const { states } = walk([accrual(0, basisMinor)], ...targets);
        const left = posted(states.get(1)!);
        expect(left.every((postedMinor) => postedMinor >= 0)).toBe(true);
        if (total === 10_000) expect(left).toEqual([0, 0, 0]);
      }),
      { numRuns: 1_000 },
    );
  });
});
