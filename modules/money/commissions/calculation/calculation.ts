import { choosePlan } from '../../../rules/plans/plan-rules';
import type { PlanVersionRules } from '../../../rules/plans/plan-rules';
import { splitCommission } from './commission-split';
import type { CommissionLine, UplineMember } from './commission-split';

/** A contract at the moment that counts: what was sold, when, and the key to who stood above the seller then. */
export interface ContractMoment {
  readonly contractId: string;
  readonly version: number;
  readonly valueMinor: number;
  readonly currency: string;
  readonly product: string | null;
  readonly kind: string | null;
  readonly occurredAt: Date;
}

/** Everything in force at the moments asked about. The one source of previews, postings and re-derivations alike. */
export interface Rulebook {
  readonly plans: readonly PlanVersionRules[];
  /** The originator first; empty when the seller was no partner then. */
  uplineOf(moment: ContractMoment): readonly UplineMember[];
}

export interface Calculation {
  readonly asOf: Date;
  readonly planVersionId: string | null;
  readonly lines: CommissionLine[];
}

/**
 * What a contract pays under the rules in force at its moment. The plan is chosen by the contract as it was then, so a
 * later change of value is paid under the same plan.
 *
 * @param baseMinor the base to pay on, minor units; differs from the contract's value then after a change of value
 * @see P12 P13
 */
export function calculationAsOf(moment: ContractMoment, baseMinor: number, rulebook: Rulebook): Calculation {
  const plan = choosePlan(rulebook.plans, moment, moment.occurredAt);
  return {
    asOf: moment.occurredAt,
    planVersionId: plan?.id ?? null,
    lines: splitCommission(baseMinor, rulebook.uplineOf(moment), plan),
  };
}
