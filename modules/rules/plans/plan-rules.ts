import { FULL_BPS } from '../../kernel/money';
import type { Currency } from '../../kernel/money';
import { foldedText } from '../../kernel/tidy-text';

/** What one level pays: a rate of the base or a fixed amount, never both. Level 0 is the originator. */
export interface PlanLevel {
  readonly level: number;
  readonly rateBps: number | null;
  readonly amountMinor: number | null;
}

/** What a rank pays in all: its holder earns the part that nobody below has earned. */
export interface PlanRank {
  readonly rank: string;
  readonly rateBps: number;
}

/** Which contracts a plan is for; null asks for nothing. */
export interface PlanConditions {
  readonly products: readonly string[] | null;
  readonly contractKinds: readonly string[] | null;
  readonly minimumValueMinor: number | null;
}

/** The rules of one version: all the calculation needs to know of a plan. @see Q1 */
export interface PlanRules extends PlanConditions {
  readonly kind: 'levels' | 'differential';
  readonly currency: Currency;
  readonly levels: readonly PlanLevel[];
  readonly ranks: readonly PlanRank[];
  /** `none`: an inactive partner uses up a level. `skipInactive`: the level goes to the next active one above. */
  readonly compression: 'none' | 'skipInactive';
  /** How many levels up anybody is paid, passed-over partners not counted; null: as far as the plan goes. */
  readonly depth: number | null;
  /** The most a contract pays in all, in basis points of its base; null: the whole base. */
  readonly capBps: number | null;
  /** How many days a commission matures before it can be withdrawn. */
  readonly holdingDays: number;
}

/** A version that is or was in force: from `validFrom` up to but without `validTo`. */
export interface PlanVersionRules extends PlanRules {
  readonly id: string;
  readonly planId: string;
  readonly name: string;
  readonly number: number;
  readonly validFrom: Date;
  readonly validTo: Date | null;
  /** What counts as the beginning when two plans would pay, where it is not `validFrom`: of a plan that is only tried. */
  readonly precedence?: Date;
}

/** The facts of a contract that conditions look at. */
export interface ContractFacts {
  readonly currency: Currency;
  readonly valueMinor: number;
  readonly product: string | null;
  readonly kind: string | null;
}

/**
 * The plan version that pays for a contract at a moment. Of those in force whose conditions the contract meets,
 * the one with more conditions wins; then the one in force for the shorter time, so that a plan activated today goes
 * before yesterday's; then the lower id.
 *
 * @returns null when no plan is for this contract then
 * @see Q1
 */
export function choosePlan(
  versions: readonly PlanVersionRules[],
  contract: ContractFacts,
  asOf: Date,
): PlanVersionRules | null {
  let chosen: PlanVersionRules | null = null;
  for (const version of versions) {
    const inForce = version.validFrom <= asOf && (version.validTo === null || asOf < version.validTo);
    if (inForce && isFor(version, contract) && (chosen === null || goesBefore(version, chosen))) chosen = version;
  }
  return chosen;
}

/** A plan that a contract misses by the way a name is written. */
export interface NearMiss {
  readonly plan: string;
  readonly number: number;
  /** What the plan asks for, and what the contract says. */
  readonly wanted: string;
  readonly found: string;
}

/** Plans in force at a moment that would be for this contract if case and marks did not count in its product and kind. */
export function nearMissesOf(versions: readonly PlanVersionRules[], contract: ContractFacts, asOf: Date): NearMiss[] {
  const alike = (wanted: readonly string[] | null, found: string | null) =>
    wanted === null || found === null || wanted.includes(found)
      ? undefined
      : wanted.find((name) => foldedText(name) === foldedText(found));
  return versions.flatMap((version) => {
    const inForce = version.validFrom <= asOf && (version.validTo === null || asOf < version.validTo);
    if (!inForce) return [];
    const product = alike(version.products, contract.product);
    const kind = alike(version.contractKinds, contract.kind);
    const meant = { ...contract, product: product ?? contract.product, kind: kind ?? contract.kind };
    if ((product === undefined && kind === undefined) || !isFor(version, meant)) return [];
    const [wanted, found] = product === undefined ? [kind!, contract.kind!] : [product, contract.product!];
    return [{ plan: version.name, number: version.number, wanted, found }];
  });
}

function goesBefore(a: PlanVersionRules, b: PlanVersionRules): boolean {
  const order = conditionCount(b) - conditionCount(a) || precedenceOf(b) - precedenceOf(a);
  return order === 0 ? a.id < b.id : order < 0;
}

function precedenceOf({ precedence, validFrom }: PlanVersionRules): number {
  return (precedence ?? validFrom).getTime();
}

function isFor(plan: PlanRules, { currency, valueMinor, product, kind }: ContractFacts): boolean {
  return (
    plan.currency === currency &&
    (plan.products === null || (product !== null && plan.products.includes(product))) &&
    (plan.contractKinds === null || (kind !== null && plan.contractKinds.includes(kind))) &&
    (plan.minimumValueMinor === null || valueMinor >= plan.minimumValueMinor)
  );
}

function conditionCount({ products, contractKinds, minimumValueMinor }: PlanConditions): number {
  return [products, contractKinds, minimumValueMinor].filter((condition) => condition !== null).length;
}

/** What is wrong with a plan, and on which line of it (`levels.2`, `ranks.0`, `capBps`). */
export interface PlanFault {
  readonly field: string;
  readonly code: PlanFaultCode;
}

export type PlanFaultCode =
  | 'LEVELS_MISSING'
  | 'RANKS_MISSING'
  | 'RATE_OR_AMOUNT'
  | 'LEVEL_TWICE'
  | 'LEVEL_UNREACHABLE'
  | 'RANK_TWICE'
  | 'PAYS_MORE_THAN_BASE'
  | 'NOT_OF_THIS_KIND';

/**
 * Everything that keeps a plan from being saved. A level that is not named earns nothing; none may be named that the
 * depth leaves out. Rates together stay within the base.
 *
 * @returns an empty list for a sound plan
 */
export function planFaults({ kind, levels, ranks, depth }: PlanRules): PlanFault[] {
  return kind === 'levels'
    ? [...levelFaults(levels, depth ?? Infinity), ...strangers('ranks', ranks)]
    : [...rankFaults(ranks), ...strangers('levels', levels)];
}

function levelFaults(levels: readonly PlanLevel[], depth: number): PlanFault[] {
  if (levels.length === 0) return [{ field: 'levels', code: 'LEVELS_MISSING' }];
  const faults: PlanFault[] = [];
  const seen = new Set<number>();
  let totalBps = 0;
  levels.forEach(({ level, rateBps, amountMinor }, index) => {
    const field = `levels.${index}`;
    if ((rateBps === null) === (amountMinor === null)) faults.push({ field, code: 'RATE_OR_AMOUNT' });
    if (seen.has(level)) faults.push({ field, code: 'LEVEL_TWICE' });
    if (level > depth) faults.push({ field, code: 'LEVEL_UNREACHABLE' });
    seen.add(level);
    totalBps += rateBps ?? 0;
    if (totalBps > FULL_BPS && totalBps - (rateBps ?? 0) <= FULL_BPS) {
      faults.push({ field, code: 'PAYS_MORE_THAN_BASE' });
    }
  });
  return faults;
}

function rankFaults(ranks: readonly PlanRank[]): PlanFault[] {
  if (ranks.length === 0) return [{ field: 'ranks', code: 'RANKS_MISSING' }];
  return ranks.flatMap(({ rank, rateBps }, index) => {
    const field = `ranks.${index}`;
    const before = ranks.slice(0, index);
    const faults: PlanFault[] = [];
    if (before.some((other) => other.rank === rank)) faults.push({ field, code: 'RANK_TWICE' });
    if (rateBps > FULL_BPS) faults.push({ field, code: 'PAYS_MORE_THAN_BASE' });
    return faults;
  });
}

function strangers(field: 'levels' | 'ranks', lines: readonly unknown[]): PlanFault[] {
  return lines.length === 0 ? [] : [{ field, code: 'NOT_OF_THIS_KIND' }];
}
