import fc from 'fast-check';
import { MAX_AMOUNT_MINOR, shareOf } from '../../../../../modules/kernel/money';
import { splitCommission } from '../../../../../modules/money/commissions/calculation/commission-split';
import type {
  CommissionLine,
  UplineMember,
} from '../../../../../modules/money/commissions/calculation/commission-split';
import type { PlanRules } from '../../../../../modules/rules/plans/plan-rules';
import worked from '../cases.json';
import { aPlan, rates } from '../plan-builder';

const RANKS = [
  { rank: 'bronze', rateBps: 500 },
  { rank: 'silver', rateBps: 900 },
  { rank: 'gold', rateBps: 2_100 },
];

/** `active`, `away` for an inactive one, or the name of a rank; an inactive holder is `away:<rank>`. */
function path(...members: string[]): UplineMember[] {
  return members.map((member, level) => {
    const rank = member.replace(/^(active|away:?)/, '') || null;
    return { partnerId: `partner-${level}`, active: !member.startsWith('away'), rank };
  });
}

const brief = (lines: readonly CommissionLine[]) => lines.map(({ amountMinor, reason }) => `${amountMinor} ${reason}`);
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
const totalOf = (lines: readonly CommissionLine[]) => sum(lines.map(({ amountMinor }) => amountMinor));

describe('the split of a commission', () => {
  describe('worked examples', () => {
    it.each(worked.cases)('[Q1] $id: $source', ({ plan, baseMinor, path, expected }) => {
      const { levels = [], ranks = [], ...options } = plan as Partial<PlanRules>;
      const rules = aPlan({
        ...options,
        levels: levels.map(({ level, rateBps = null, amountMinor = null }) => ({ level, rateBps, amountMinor })),
        ranks,
      });
      const upline = (path as { name: string; status: string; rank?: string }[]).map(({ name, status, rank }) => {
        return { partnerId: name, active: status === 'active', rank: rank ?? null };
      });
      const lines = splitCommission(baseMinor, upline, rules);
      expect(lines.map(({ partnerId: name, amountMinor, reason }) => ({ name, amountMinor, reason }))).toEqual(
        expected,
      );
    });
  });

  describe('levels', () => {
    it('[Q2] gives everybody on the path a line with a reason', () => {
      const plan = aPlan({ levels: rates(1_000, 0, 300) });
      expect(brief(splitCommission(100_00, path('active', 'active', 'away', 'active'), plan))).toEqual([
        '1000 PAID',
        '0 NO_RATE',
        '0 INACTIVE',
        '0 BEYOND_DEPTH',
      ]);
    });

    it('[Q1] [Q2] pays nothing at a level that the plan leaves out, and goes on above it', () => {
      const plan = aPlan({ levels: rates(1_000, 0, 0, 300).filter(({ rateBps }) => rateBps !== 0) });
      const lines = splitCommission(100_00, path('active', 'active', 'active', 'active', 'active'), plan);
      expect(brief(lines)).toEqual(['1000 PAID', '0 NO_RATE', '0 NO_RATE', '300 PAID', '0 BEYOND_DEPTH']);
    });

    it('[Q1] passes an inactive level on to the next active partner above', () => {
      const plan = aPlan({ levels: rates(1_000, 500, 300), compression: 'skipInactive' });
      const lines = splitCommission(100_00, path('away', 'active', 'away', 'away', 'active', 'active', 'active'), plan);
      expect(brief(lines)).toEqual([
        '0 INACTIVE',
        '1000 PAID',
        '0 INACTIVE',
        '0 INACTIVE',
        '500 PAID',
        '300 PAID',
        '0 BEYOND_DEPTH',
      ]);
      expect(lines.map(({ level, rateLevel }) => [level, rateLevel])).toEqual([
        [0, null],
        [1, 0],
        [2, null],
        [3, null],
        [4, 1],
        [5, 2],
        [6, null],
      ]);
    });

    it('[Q1] pays fixed amounts whatever the base, but together never more than it', () => {
      const levels = [
        { level: 0, rateBps: null, amountMinor: 50_00 },
        { level: 1, rateBps: null, amountMinor: 30_00 },
        { level: 2, rateBps: null, amountMinor: 20_00 },
      ];
      const split = (baseMinor: number) =>
        splitCommission(baseMinor, path('active', 'active', 'active'), aPlan({ levels }));
      expect(brief(split(1_000_00))).toEqual(['5000 PAID', '3000 PAID', '2000 PAID']);
      expect(brief(split(70_00))).toEqual(['5000 PAID', '2000 PAID', '0 CAPPED']);
      expect(split(70_00).map(({ uncappedMinor }) => uncappedMinor)).toEqual([50_00, 30_00, 20_00]);
      expect(brief(split(0))).toEqual(['0 ZERO_BASE', '0 ZERO_BASE', '0 ZERO_BASE']);
    });

    it('[Q5] says when a share is less than one minor unit', () => {
      expect(brief(splitCommission(9, path('active'), aPlan({ levels: rates(1_000) })))).toEqual(['0 ROUNDED_TO_ZERO']);
      expect(brief(splitCommission(10, path('active'), aPlan({ levels: rates(1_000) })))).toEqual(['1 PAID']);
    });

    it('[Q1] uses a cap up from the originator upwards', () => {
      const plan = aPlan({ levels: rates(1_000, 500, 500, 500), capBps: 1_700 });
      const lines = splitCommission(100_00, path('active', 'away', 'active', 'active'), plan);
      expect(brief(lines)).toEqual(['1000 PAID', '0 INACTIVE', '500 PAID', '200 PAID']);
      expect(totalOf(lines)).toBe(17_00);
    });
  });

  describe('differential', () => {
    it('[Q1] pays each the own rate less the highest below', () => {
      const plan = aPlan({ kind: 'differential', ranks: RANKS });
      const lines = splitCommission(100_00, path('bronze', 'active', 'bronze', 'gold', 'silver'), plan);
      expect(brief(lines)).toEqual([
        '500 PAID',
        '0 NO_RATE',
        '0 DIFFERENTIAL_EXHAUSTED',
        '1600 PAID',
        '0 DIFFERENTIAL_EXHAUSTED',
      ]);
      expect(lines.map(({ rateBps }) => rateBps)).toEqual([500, null, 0, 1_600, 0]);
    });

    it.each(['none', 'skipInactive'] as const)('[Q1] takes off what is paid below, compression %s', (compression) => {
      const plan = aPlan({ kind: 'differential', ranks: RANKS, compression });
      const lines = splitCommission(100_00, path('bronze', 'away:silver', 'gold'), plan);
      expect(brief(lines)).toEqual(['500 PAID', '0 INACTIVE', '1600 PAID']);
    });

    it('[Q1] [Q2] pays nobody beyond the depth, counting the levels that are used up', () => {
      const plan = aPlan({ kind: 'differential', ranks: RANKS, depth: 1 });
      const upline = path('bronze', 'away:silver', 'silver', 'gold');
      expect(brief(splitCommission(100_00, upline, plan))).toEqual([
        '500 PAID',
        '0 INACTIVE',
        '0 BEYOND_DEPTH',
        '0 BEYOND_DEPTH',
      ]);
      expect(brief(splitCommission(100_00, upline, { ...plan, compression: 'skipInactive' }))).toEqual([
        '500 PAID',
        '0 INACTIVE',
        '400 PAID',
        '0 BEYOND_DEPTH',
      ]);
    });

    it('[Q1] knows a rank of another plan as no rate', () => {
      const plan = aPlan({ kind: 'differential', ranks: RANKS });
      expect(brief(splitCommission(100_00, path('emerald', 'gold'), plan))).toEqual(['0 NO_RATE', '2100 PAID']);
    });

    it('[Q1] caps the upper lines', () => {
      const plan = aPlan({ kind: 'differential', ranks: RANKS, capBps: 600 });
      const lines = splitCommission(100_00, path('bronze', 'silver', 'gold'), plan);
      expect(brief(lines)).toEqual(['500 PAID', '100 PAID', '0 CAPPED']);
    });
  });

  it('[Q2] explains that no plan was in force', () => {
    expect(brief(splitCommission(100_00, path('active', 'away'), null))).toEqual(['0 NO_PLAN', '0 NO_PLAN']);
  });

  it('[P12] pays nobody when the seller was no partner', () => {
    expect(splitCommission(100_00, [], aPlan())).toEqual([]);
  });

  it('[Q5] [F36] stays exact up to the largest amount', () => {
    const plan = aPlan({ levels: rates(3_333, 3_333, 3_333) });
    const lines = splitCommission(MAX_AMOUNT_MINOR - 1, path('active', 'active', 'active'), plan);
    expect(lines.map(({ amountMinor }) => amountMinor)).toEqual([333_299_999_999, 333_299_999_999, 333_299_999_999]);
    const whole = aPlan({ levels: rates(10_000) });
    expect(splitCommission(MAX_AMOUNT_MINOR, path('active'), whole)[0]!.amountMinor).toBe(MAX_AMOUNT_MINOR);
  });
});

describe('any split', () => {
  const base = fc.oneof(fc.nat(200), fc.nat(MAX_AMOUNT_MINOR));
  const ranked = fc.constantFrom('active', 'away', 'bronze', 'silver', 'gold', 'away:silver', 'away:gold', 'emerald');
  const upline = fc.array(ranked, { maxLength: 12 }).map((members) => path(...members));
  const options = fc.record({
    compression: fc.constantFrom('none' as const, 'skipInactive' as const),
    capBps: fc.option(fc.integer({ min: 1, max: 10_000 })),
  });
  const level = fc.oneof(
    { weight: 3, arbitrary: fc.record({ rateBps: fc.nat(2_000), amountMinor: fc.constant(null) }) },
    { weight: 1, arbitrary: fc.record({ rateBps: fc.constant(null), amountMinor: fc.nat(100_000) }) },
  );
  const levelPlan = fc
    .tuple(fc.array(level, { minLength: 1, maxLength: 5 }), options, fc.nat(1))
    .map(([levels, rest, first]) =>
      aPlan({ ...rest, levels: levels.map((line, n) => ({ ...line, level: n + first })) }),
    );
  const differentialPlan = options.map((rest) => aPlan({ ...rest, kind: 'differential', ranks: RANKS }));
  const plan = fc.oneof(levelPlan, differentialPlan);
  const RUNS = { numRuns: 2_000 };

  it('[Q5] [D3] stays within the base and the cap, with one line for each member', () => {
    fc.assert(
      fc.property(base, upline, plan, (baseMinor, members, rules) => {
        const lines = splitCommission(baseMinor, members, rules);
        expect(lines.map(({ partnerId, level }) => [partnerId, level])).toEqual(
          members.map(({ partnerId }, n) => [partnerId, n]),
        );
        expect(totalOf(lines)).toBeLessThanOrEqual(shareOf(baseMinor, rules.capBps ?? 10_000));
        for (const { amountMinor, uncappedMinor, reason } of lines) {
          expect(Number.isSafeInteger(amountMinor) && amountMinor >= 0 && amountMinor <= uncappedMinor).toBe(true);
          expect(reason === 'PAID').toBe(amountMinor > 0);
        }
      }),
      RUNS,
    );
  });

  it('[Q5] rounds every line down, by less than one minor unit', () => {
    fc.assert(
      fc.property(base, upline, plan, (baseMinor, members, rules) => {
        for (const { rateBps, uncappedMinor, reason } of splitCommission(baseMinor, members, rules)) {
          if (reason !== 'PAID' || rateBps === null) continue;
          const exact = BigInt(baseMinor) * BigInt(rateBps);
          expect(exact - BigInt(uncappedMinor) * 10_000n).toBeGreaterThanOrEqual(0n);
          expect(exact - BigInt(uncappedMinor) * 10_000n).toBeLessThan(10_000n);
        }
      }),
      RUNS,
    );
  });

  it('[F35] [D4] pays no more for the parts of a contract than for the whole', () => {
    const ratesOnly = plan.filter(({ levels }) => levels.every(({ amountMinor }) => amountMinor === null));
    const parts = fc.array(fc.nat(100_000_000), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(parts, upline, ratesOnly, (bases, members, rules) => {
        const ofParts = sum(bases.map((baseMinor) => totalOf(splitCommission(baseMinor, members, rules))));
        expect(ofParts).toBeLessThanOrEqual(totalOf(splitCommission(sum(bases), members, rules)));
      }),
      RUNS,
    );
  });

  it('[Q1] adds differential rates up to the highest active rank on the path', () => {
    fc.assert(
      fc.property(upline, differentialPlan, (members, rules) => {
        const rateOf = (rank: string | null) => RANKS.find((known) => known.rank === rank)?.rateBps ?? 0;
        const highest = Math.max(0, ...members.filter(({ active }) => active).map(({ rank }) => rateOf(rank)));
        const applied = sum(splitCommission(100_00, members, rules).map(({ rateBps }) => rateBps ?? 0));
        expect(applied).toBe(highest);
      }),
      RUNS,
    );
  });

  it('[Q1] leaves what compression passes over without a trace: the others earn as if it were not there', () => {
    const compressed = plan.filter(({ compression }) => compression === 'skipInactive');
    fc.assert(
      fc.property(base, upline, compressed, (baseMinor, members, rules) => {
        const lines = splitCommission(baseMinor, members, rules).filter(({ level }) => members[level]!.active);
        const alone = splitCommission(
          baseMinor,
          members.filter(({ active }) => active),
          rules,
        );
        expect(brief(lines)).toEqual(brief(alone));
      }),
      RUNS,
    );
  });
});
