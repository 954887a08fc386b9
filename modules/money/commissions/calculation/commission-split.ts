import { FULL_BPS, shareOf } from '../../../kernel/money';
import type { PlanLevel, PlanRules } from '../../../rules/plans/plan-rules';

/** Somebody on the way from the originator (level 0) to the top, as of the moment of the change. */
export interface UplineMember {
  readonly partnerId: string;
  /** Neither suspended nor gone at that moment. */
  readonly active: boolean;
  readonly rank: string | null;
}

/** Why a line is what it is. Every code but `PAID` means that nothing is paid. @see Q2 */
export const LINE_REASONS = [
  'PAID',
  'INACTIVE',
  'NO_PLAN',
  'NO_RATE',
  'BEYOND_DEPTH',
  'DIFFERENTIAL_EXHAUSTED',
  'CAPPED',
  'ZERO_BASE',
  'ROUNDED_TO_ZERO',
  'NOT_JOINED_YET',
] as const;
export type LineReason = (typeof LINE_REASONS)[number];

/** What one person on the path gets, and what it follows from. */
export interface CommissionLine {
  readonly partnerId: string;
  /** The distance from the originator. */
  readonly level: number;
  /** The level of the plan that was applied: lower than `level` where inactive partners were passed over. */
  readonly rateLevel: number | null;
  readonly rank: string | null;
  /** The rate applied: of the level, or the rank's rate less what is earned below. Null for fixed amounts and none. */
  readonly rateBps: number | null;
  /** Before the cap, minor units. */
  readonly uncappedMinor: number;
  readonly amountMinor: number;
  readonly reason: LineReason;
}

/** What the rules give a person on the path, before any base is known. */
export interface CommissionTerm extends Omit<CommissionLine, 'uncappedMinor' | 'amountMinor' | 'reason'> {
  /** Instead of a rate. */
  readonly fixedMinor: number | null;
  /** Why nothing is paid whatever the base; null where something may be. */
  readonly barred: LineReason | null;
}

/**
 * Who earns what from one contract, one line per person on the path, the unpaid ones with a reason. Shares are
 * floored per line, so the lines together never pass the base; a cap is used up from the originator upwards.
 *
 * @param baseMinor commission base, minor units, a safe integer >= 0
 * @param upline    level 0 (the originator) first, one member a level, as of the moment of the change
 * @param plan      the version in force at that moment; null where none was for this contract
 * @returns         as many lines as members
 * @see P12 Q1 Q2
 */
export function splitCommission(
  baseMinor: number,
  upline: readonly UplineMember[],
  plan: PlanRules | null,
): CommissionLine[] {
  let leftMinor = potOf(baseMinor, plan);
  return termsOf(upline, plan).map(({ fixedMinor, barred, ...term }) => {
    const uncappedMinor = claimOf({ rateBps: term.rateBps, fixedMinor, barred }, baseMinor);
    const amountMinor = Math.min(uncappedMinor, leftMinor);
    leftMinor -= amountMinor;
    return { ...term, uncappedMinor, amountMinor, reason: barred ?? reasonOf(baseMinor, uncappedMinor, amountMinor) };
  });
}

/** The most a contract pays in all, minor units. */
export function potOf(baseMinor: number, plan: PlanRules | null): number {
  return plan === null ? 0 : shareOf(baseMinor, plan.capBps ?? FULL_BPS);
}

/** What a person on the path may take before the cap, minor units. */
export function claimOf(
  { rateBps, fixedMinor, barred }: Pick<CommissionTerm, 'rateBps' | 'fixedMinor' | 'barred'>,
  baseMinor: number,
): number {
  return barred !== null || baseMinor === 0 ? 0 : (fixedMinor ?? shareOf(baseMinor, rateBps ?? 0));
}

/** The terms of everybody on the path: the same for every base, so that many contracts may share them. */
export function termsOf(upline: readonly UplineMember[], plan: PlanRules | null): CommissionTerm[] {
  if (plan === null) return upline.map((member, level) => ({ ...nothing(member, level), barred: 'NO_PLAN' }));
  return plan.kind === 'levels' ? levelTerms(upline, plan) : differentialTerms(upline, plan);
}

function levelTerms(upline: readonly UplineMember[], plan: PlanRules): CommissionTerm[] {
  const levels = new Map(plan.levels.map((level) => [level.level, level]));
  const deepest = Math.min(Math.max(...levels.keys()), plan.depth ?? Infinity);
  let rateLevel = 0;
  return upline.map((member, level) => {
    const used = rateLevel;
    if (member.active || plan.compression === 'none') rateLevel += 1;
    if (!member.active) return { ...nothing(member, level), barred: 'INACTIVE' };
    const applied = levels.get(used);
    const term = { ...nothing(member, level), rateLevel: used, rateBps: applied?.rateBps ?? null };
    if (used > deepest) return { ...term, rateLevel: null, barred: 'BEYOND_DEPTH' };
    return pays(applied) ? { ...term, fixedMinor: applied.amountMinor } : { ...term, barred: 'NO_RATE' };
  });
}

function pays(level: PlanLevel | undefined): level is PlanLevel {
  return level !== undefined && (level.rateBps ?? level.amountMinor ?? 0) > 0;
}

/** Each earns the own rank's rate less the highest rate paid below; an inactive one is paid nothing, so it takes none. */
function differentialTerms(upline: readonly UplineMember[], plan: PlanRules): CommissionTerm[] {
  const rates = new Map(plan.ranks.map(({ rank, rateBps }) => [rank, rateBps]));
  let highestBps = 0;
  let rateLevel = 0;
  return upline.map((member, level) => {
    const used = rateLevel;
    if (member.active || plan.compression === 'none') rateLevel += 1;
    const rankBps = (member.rank !== null && rates.get(member.rank)) || 0;
    const rateBps = Math.max(0, rankBps - highestBps);
    const term = { ...nothing(member, level), rank: member.rank, rateBps: rankBps > 0 ? rateBps : null };
    if (!member.active) return { ...term, rateBps: null, barred: 'INACTIVE' };
    if (used > (plan.depth ?? Infinity)) return { ...term, rateBps: null, barred: 'BEYOND_DEPTH' };
    if (rankBps === 0) return { ...term, barred: 'NO_RATE' };
    if (rateBps === 0) return { ...term, barred: 'DIFFERENTIAL_EXHAUSTED' };
    highestBps = rankBps;
    return term;
  });
}

function nothing({ partnerId }: UplineMember, level: number): CommissionTerm {
  return { partnerId, level, rateLevel: null, rank: null, rateBps: null, fixedMinor: null, barred: null };
}

function reasonOf(baseMinor: number, uncappedMinor: number, amountMinor: number): LineReason {
  if (baseMinor === 0) return 'ZERO_BASE';
  if (uncappedMinor === 0) return 'ROUNDED_TO_ZERO';
  return amountMinor === 0 ? 'CAPPED' : 'PAID';
}
