import fc from 'fast-check';
import { shareOf } from '../../../../../modules/kernel/money';
import {
  atMostWhole,
  takenBackBps,
  takenBackOf,
} from '../../../../../modules/money/commissions/calculation/taken-back';

const back = (reversedMinor: number, reversedBps = 0, basisMinor = 300_000_00) => ({
  basisMinor,
  reversedBps,
  reversedMinor,
});

describe('[Q4] what is taken back of an amount', () => {
  it('is the exact share of a refund told as an amount, also below a hundredth of a percent', () => {
    expect(takenBackOf(15_000_00, back(1_234_56))).toBe(61_72); // 5 % of 1 234,56 is 61,728
    expect(takenBackOf(15_000_00, back(10_00))).toBe(50);
    expect(takenBackOf(15_000_00, back(1_00, 5_000))).toBe(7_500_05);
  });

  it('is the whole of the whole, and as the share says where nothing else is', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 12), fc.integer({ min: 1, max: 10 ** 12 }), fc.nat(10_000), (amount, basis, bps) => {
        expect(takenBackOf(amount, back(0, bps, basis))).toBe(shareOf(amount, bps));
        expect(takenBackOf(amount, atMostWhole(back(basis, 0, basis)))).toBe(amount);
      }),
    );
  });

  it('never passes the amount, and adds up to it exactly by whatever parts', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 10 ** 9 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.nat(10 ** 12), parts, (amount, refunds) => {
        const basis = refunds.reduce((sum, part) => sum + part, 0);
        let before = 0;
        let given = 0;
        for (const part of refunds) {
          given += part;
          const now = takenBackOf(amount, atMostWhole(back(given, 0, basis)));
          expect(now).toBeGreaterThanOrEqual(before);
          expect(now).toBeLessThanOrEqual(amount);
          before = now;
        }
        expect(before).toBe(amount);
      }),
    );
  });

  it('is shown in whole basis points, rounded down', () => {
    expect(takenBackBps(back(1_234_56))).toBe(41);
    expect(takenBackBps(back(0, 2_500))).toBe(2_500);
    expect(takenBackBps(back(1_00, 0, 0))).toBe(10_000);
  });
});
