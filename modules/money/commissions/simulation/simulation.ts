import { choosePlan } from '../../../rules/plans/plan-rules';
import type { PlanRules, PlanVersionRules } from '../../../rules/plans/plan-rules';
import { claimOf, potOf, splitCommission, termsOf } from '../calculation/commission-split';
import type { CommissionLine } from '../calculation/commission-split';
import { takenBackOf } from '../calculation/taken-back';
import type { PathInTime, TreeInTime } from './simulation-tree';

/** How many contracts are explained. */
const EXPLAINED = 10;

/** An accrual as it stands now; partners by their numbers, moments in milliseconds since 1970. */
export interface AccruedContract {
  /** 0 where the seller is no partner. */
  readonly seller: number;
  readonly asOf: number;
  /** What the contract was worth at that moment: the plan is chosen by it. */
  readonly valueMinor: number;
  /** What it is paid on by now. */
  readonly basisMinor: number;
  readonly reversedBps: number;
  readonly reversedMinor: number;
  readonly facts: PaidFacts;
}

/** What many contracts have in common. */
export interface PaidFacts {
  readonly plan: PlanVersionRules | null;
  readonly product: string | null;
  readonly kind: string | null;
}

/** A contract whose money would go elsewhere. */
export interface SimulatedChange {
  readonly contractId: string;
  readonly contract: AccruedContract;
  readonly path: PathInTime;
  readonly planAfter: PlanVersionRules | null;
  /** How much more or less the partners get, taken together without signs. */
  readonly movedMinor: number;
}

/**
 * The versions as if this one had stood wherever a version of its plan stood. A plan that had no version in force in
 * that time is added for all of it, and goes before plans with as many conditions: it is what would be activated last.
 * @see Q9
 */
export function versionsWith(
  versions: readonly PlanVersionRules[],
  version: PlanRules & Pick<PlanVersionRules, 'id' | 'planId' | 'name' | 'number'>,
  { from, to }: { readonly from: Date; readonly to: Date },
): PlanVersionRules[] {
  const isOwn = ({ planId }: PlanVersionRules): boolean => planId === version.planId;
  const own = versions.filter(
    (one) => isOwn(one) && one.validFrom < to && (one.validTo === null || from < one.validTo),
  );
  const places = own.length > 0 ? own : [{ validFrom: from, validTo: null, precedence: to }];
  return [
    ...versions.filter((one) => !isOwn(one)),
    ...places.map(({ validFrom, validTo, precedence }) => ({ ...version, validFrom, validTo, precedence })),
  ];
}

/**
 * Adds up what contracts paid and what they would have paid: the split of the real calculation, by the tree and the
 * states as of each contract's moment, what was taken back taken off.
 */
export class Simulation {
  /** By partner, minor units. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** The contracts that change most, the most first. */
  readonly changes: SimulatedChange[] = [];
  accruals = 0;
  private paid = new Float64Array(64);
  private wouldPay = new Float64Array(64);

  constructor(
    private readonly tree: TreeInTime,
    private readonly versions: readonly PlanVersionRules[],
    private readonly currency: string,
  ) {
    this.before = new Float64Array(tree.partners + 1);
    this.after = new Float64Array(tree.partners + 1);
  }

  /** @param idOf asked only for contracts that may be among the most changed */
  add(contract: AccruedContract, idOf: () => string): void {
    const { seller, asOf, valueMinor, facts } = contract;
    const path = this.tree.pathOf(seller, asOf);
    const { product, kind } = facts;
    const planAfter = choosePlan(this.versions, { currency: this.currency, valueMinor, product, kind }, new Date(asOf));
    this.makeRoom(path.partners.length);
    fill(this.paid, path, facts.plan, contract);
    fill(this.wouldPay, path, planAfter, contract);
    let movedMinor = 0;
    for (let level = 0; level < path.partners.length; level += 1) {
      const partner = path.partners[level]!;
      this.before[partner]! += this.paid[level]!;
      this.after[partner]! += this.wouldPay[level]!;
      movedMinor += Math.abs(this.wouldPay[level]! - this.paid[level]!);
    }
    this.accruals += 1;
    const least = this.changes[EXPLAINED - 1]?.movedMinor ?? 0;
    if (movedMinor > 0 && movedMinor >= least) this.keep({ contractId: idOf(), contract, path, planAfter, movedMinor });
  }

  private keep(change: SimulatedChange): void {
    this.changes.push(change);
    this.changes.sort((a, b) => b.movedMinor - a.movedMinor || (a.contractId < b.contractId ? -1 : 1));
    this.changes.length = Math.min(this.changes.length, EXPLAINED);
  }

  private makeRoom(levels: number): void {
    if (levels <= this.paid.length) return;
    this.paid = new Float64Array(2 * levels);
    this.wouldPay = new Float64Array(2 * levels);
  }
}

/** The amounts of {@link splitCommission} by level, less what was taken back. */
function fill(amounts: Float64Array, path: PathInTime, plan: PlanVersionRules | null, contract: AccruedContract): void {
  const { basisMinor } = contract;
  let terms = path.terms.get(plan);
  if (!terms) path.terms.set(plan, (terms = termsOf(path.upline, plan)));
  let leftMinor = potOf(basisMinor, plan);
  for (let level = 0; level < terms.length; level += 1) {
    const amountMinor = Math.min(claimOf(terms[level]!, basisMinor), leftMinor);
    leftMinor -= amountMinor;
    amounts[level] = amountMinor - takenBackOf(amountMinor, contract);
  }
}

/** The lines of a contract under a plan, with what was taken back taken off the amounts. */
export function linesUnder(plan: PlanVersionRules | null, { contract, path }: SimulatedChange): CommissionLine[] {
  return splitCommission(contract.basisMinor, path.upline, plan).map((line) => ({
    ...line,
    amountMinor: line.amountMinor - takenBackOf(line.amountMinor, contract),
  }));
}
