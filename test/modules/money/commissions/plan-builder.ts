import type { PlanRules } from '../../../../modules/rules/plans/plan-rules';

/** A plan of one level at 10 % unless said otherwise: tests state what matters. */
export function aPlan(rules: Partial<PlanRules> = {}): PlanRules {
  return {
    kind: 'levels',
    currency: 'PLN',
    levels: rules.kind === 'differential' ? [] : [{ level: 0, rateBps: 1_000, amountMinor: null }],
    ranks: [],
    compression: 'none',
    depth: null,
    capBps: null,
    holdingDays: 0,
    products: null,
    contractKinds: null,
    minimumValueMinor: null,
    ...rules,
  };
}

/** Levels from 0 up, each with its rate. */
export function rates(...bps: number[]): PlanRules['levels'] {
  return bps.map((rateBps, level) => ({ level, rateBps, amountMinor: null }));
}
