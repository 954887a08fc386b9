import fc from 'fast-check';
import { choosePlan, planFaults } from '../../../../modules/rules/plans/plan-rules';
import type { ContractFacts, PlanRules, PlanVersionRules } from '../../../../modules/rules/plans/plan-rules';
import { aPlan, rates } from '../../money/commissions/plan-builder';

const day = (date: number) => new Date(Date.UTC(2026, 2, date));

function version(id: string, rules: Partial<PlanVersionRules> = {}): PlanVersionRules {
  return { ...aPlan(), id, planId: id, name: id, number: 1, validFrom: day(1), validTo: null, ...rules };
}

const contract: ContractFacts = { currency: 'PLN', valueMinor: 100_00, product: 'solar', kind: 'new' };
const chosen = (versions: readonly PlanVersionRules[], facts: Partial<ContractFacts> = {}, asOf = day(10)) =>
  choosePlan(versions, { ...contract, ...facts }, asOf)?.id ?? null;

describe('the choice of a plan', () => {
  it('[P12] [D2] takes the version in force at the moment: from its beginning on, up to but without its end', () => {
    const versions = [version('old', { validTo: day(10) }), version('new', { validFrom: day(10) })];
    expect(chosen(versions, {}, new Date(day(10).getTime() - 1))).toBe('old');
    expect(chosen(versions, {}, day(10))).toBe('new');
    expect(chosen(versions, {}, new Date(day(1).getTime() - 1))).toBe(null);
  });

  it('[Q1] takes only plans whose every condition the contract meets', () => {
    expect(chosen([version('a', { currency: 'EUR' })])).toBe(null);
    expect(chosen([version('a', { products: ['solar', 'wind'] })])).toBe('a');
    expect(chosen([version('a', { products: ['wind'] })])).toBe(null);
    expect(chosen([version('a', { products: ['solar'] })], { product: null })).toBe(null);
    expect(chosen([version('a', { contractKinds: ['renewal'] })])).toBe(null);
    expect(chosen([version('a', { contractKinds: ['new'] })], { kind: null })).toBe(null);
    expect(chosen([version('a', { minimumValueMinor: 100_00 })])).toBe('a');
    expect(chosen([version('a', { minimumValueMinor: 100_01 })])).toBe(null);
    expect(chosen([version('a', { products: ['solar'], minimumValueMinor: 100_01 })])).toBe(null);
  });

  it('[Q1] prefers more conditions, then the later beginning, then the lower id', () => {
    const general = version('general', { validFrom: day(9) });
    const forSolar = version('solar', { products: ['solar'] });
    const forNewSolar = version('newSolar', { products: ['solar'], contractKinds: ['new'] });
    expect(chosen([general, forSolar, forNewSolar])).toBe('newSolar');
    expect(chosen([general, forSolar])).toBe('solar');
    expect(chosen([version('old'), general])).toBe('general');
    expect(chosen([version('b'), version('a')])).toBe('a');
  });

  it('[Q3] does not depend on the order in which the plans are read', () => {
    const versions = [
      version('a', { validFrom: day(2) }),
      version('b', { validFrom: day(2) }),
      version('c', { products: ['solar'] }),
      version('d', { contractKinds: ['new'], validTo: day(5) }),
      version('e', { minimumValueMinor: 1, validFrom: day(3) }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(versions), fc.integer({ min: 1, max: 12 }), (some, date) => {
        const inOrder = versions.filter((one) => some.includes(one));
        expect(chosen(some, {}, day(date))).toBe(chosen(inOrder, {}, day(date)));
      }),
    );
  });
});

describe('the faults of a plan', () => {
  const faults = (rules: Partial<PlanRules>) => planFaults(aPlan(rules)).map(({ field, code }) => `${field} ${code}`);
  const level = (n: number, rateBps: number | null = 100, amountMinor: number | null = null) => {
    return { level: n, rateBps, amountMinor };
  };

  it.each<[string, Partial<PlanRules>, string[]]>([
    ['levels from 0', { levels: rates(1_000, 0, 300) }, []],
    ['levels from 1', { levels: [level(1), level(2)] }, []],
    ['levels in any order', { levels: [level(2), level(0), level(1)] }, []],
    ['rates up to the whole base', { levels: rates(9_000, 1_000) }, []],
    ['a fixed amount', { levels: [level(0, null, 50_00)] }, []],
    ['no level', { levels: [] }, ['levels LEVELS_MISSING']],
    ['a level twice', { levels: [level(0), level(0)] }, ['levels.1 LEVEL_TWICE']],
    ['a level left out, which earns nothing', { levels: [level(0), level(1), level(3)] }, []],
    ['levels that begin high up', { levels: [level(2), level(3)] }, []],
    ['neither rate nor amount', { levels: [level(0, null, null)] }, ['levels.0 RATE_OR_AMOUNT']],
    ['both', { levels: [level(0, 100, 100)] }, ['levels.0 RATE_OR_AMOUNT']],
    ['more than the base', { levels: rates(6_000, 4_000, 1) }, ['levels.2 PAYS_MORE_THAN_BASE']],
    [
      'more than the base twice over, said once',
      { levels: rates(9_000, 9_000, 9_000) },
      ['levels.1 PAYS_MORE_THAN_BASE'],
    ],
    ['ranks of a level plan', { ranks: [{ rank: 'gold', rateBps: 1 }] }, ['ranks NOT_OF_THIS_KIND']],
    ['no rank', { kind: 'differential' }, ['ranks RANKS_MISSING']],
    ['a rank', { kind: 'differential', ranks: [{ rank: 'gold', rateBps: 10_000 }] }, []],
    [
      'levels of a differential plan',
      { kind: 'differential', levels: rates(1), ranks: [{ rank: 'gold', rateBps: 1 }] },
      ['levels NOT_OF_THIS_KIND'],
    ],
    [
      'ranks that say the same',
      {
        kind: 'differential',
        ranks: [
          { rank: 'gold', rateBps: 1 },
          { rank: 'gold', rateBps: 2 },
          { rank: 'silver', rateBps: 1 },
          { rank: 'platinum', rateBps: 10_001 },
        ],
      },
      ['ranks.1 RANK_TWICE', 'ranks.3 PAYS_MORE_THAN_BASE'],
    ],
    ['levels past the depth', { levels: rates(100, 100, 100), depth: 1 }, ['levels.2 LEVEL_UNREACHABLE']],
  ])('[Q1] finds in %s', (_, rules, expected) => {
    expect(faults(rules)).toEqual(expected);
  });
});
