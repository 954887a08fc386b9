import { FULL_BPS, shareOf } from '../kernel/money';
import type { PlanLevel, PlanRules } from '../plans/plan-rules';

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

/** A line before the cap: what the rules of its kind give. */
type Claim = Omit<CommissionLine, 'amountMinor'>;

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
  if (plan === null)
    return withinCap(
      upline.map((member, level) => ({ ...nothing(member, level), reason: 'NO_PLAN' })),
      0,
    );
  const claims =
    plan.kind === 'levels' ? levelClaims(baseMinor, upline, plan) : differentialClaims(baseMinor, upline, plan);
  return withinCap(claims, shareOf(baseMinor, plan.capBps ?? FULL_BPS));
}

function levelClaims(baseMinor: number, upline: readonly UplineMember[], plan: PlanRules): Claim[] {
  const levels = new Map(plan.levels.map((level) => [level.level, level]));
  const deepest = Math.max(...levels.keys());
  let rateLevel = 0;
  return upline.map((member, level) => {
    const used = rateLevel;
    if (member.active || plan.compression === 'none') rateLevel += 1;
    if (!member.active) return { ...nothing(member, level), reason: 'INACTIVE' };
    const applied = levels.get(used);
    const claim = { ...nothing(member, level), rateLevel: used, rateBps: applied?.rateBps ?? null };
    if (used > deepest) return { ...claim, rateLevel: null, reason: 'BEYOND_DEPTH' };
    if (!pays(applied)) return { ...claim, reason: 'NO_RATE' };
    return claimed(claim, baseMinor, applied.amountMinor ?? shareOf(baseMinor, applied.rateBps ?? 0));
  });
}

function pays(level: PlanLevel | undefined): level is PlanLevel {
  return level !== undefined && (level.rateBps ?? level.amountMinor ?? 0) > 0;
}

/** Each earns the own rank's rate less the highest rate below; an inactive one is passed over or uses it up. */
function differentialClaims(baseMinor: number, upline: readonly UplineMember[], plan: PlanRules): Claim[] {
  const rates = new Map(plan.ranks.map(({ rank, rateBps }) => [rank, rateBps]));
  let highestBps = 0;
  return upline.map((member, level) => {
    const rankBps = (member.rank !== null && rates.get(member.rank)) || 0;
    const rateBps = Math.max(0, rankBps - highestBps);
    const claim = { ...nothing(member, level), rank: member.rank, rateBps: rankBps > 0 ? rateBps : null };
    if (!member.active) {
      if (plan.compression === 'none') highestBps = Math.max(highestBps, rankBps);
      return { ...claim, rateBps: null, reason: 'INACTIVE' };
    }
    if (rankBps === 0) return { ...claim, reason: 'NO_RATE' };
    if (rateBps === 0) return { ...claim, reason: 'DIFFERENTIAL_EXHAUSTED' };
    highestBps = rankBps;
    return claimed(claim, baseMinor, shareOf(baseMinor, rateBps));
  });
}

function nothing({ partnerId }: UplineMember, level: number): Omit<Claim, 'reason'> {
  return { partnerId, level, rateLevel: null, rank: null, rateBps: null, uncappedMinor: 0 };
}

function claimed(claim: Omit<Claim, 'reason'>, baseMinor: number, amountMinor: number): Claim {
  if (baseMinor === 0) return { ...claim, reason: 'ZERO_BASE' };
  return { ...claim, uncappedMinor: amountMinor, reason: amountMinor > 0 ? 'PAID' : 'ROUNDED_TO_ZERO' };
}

function withinCap(claims: readonly Claim[], potMinor: number): CommissionLine[] {
  let leftMinor = potMinor;
  return claims.map((claim) => {
    const amountMinor = Math.min(claim.uncappedMinor, leftMinor);
    leftMinor -= amountMinor;
    return { ...claim, amountMinor, reason: claim.reason === 'PAID' && amountMinor === 0 ? 'CAPPED' : claim.reason };
  });
}
