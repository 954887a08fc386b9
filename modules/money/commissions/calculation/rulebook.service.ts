import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { uplinesAsOf } from '../../../people/partners/partners.queries';
import type { Origin, UplineRow } from '../../../people/partners/partners.queries';
import type { PlanVersionRules } from '../../../rules/plans/plan-rules';
import { PlansService } from '../../../rules/plans/plans.service';
import type { ContractMoment, Rulebook } from './calculation';

/** A contract's moment with the partner whose contract it was then. */
export type AttributedContract = ContractMoment & { readonly attributedTo: string | null };

/** The partner whose contract it was, at its moment. */
type ContractOrigin = Origin & { readonly key: string };

/** Reads what was in force at given moments: the plans, the tree, the partners' states. */
@Injectable()
export class RulebookService {
  constructor(private readonly plans: PlansService) {}

  /** Two statements, whatever the number of contracts. */
  async at(tx: EntityManager, contracts: readonly AttributedContract[]): Promise<Rulebook> {
    const plans = await this.plans.active(tx);
    const origins = originsOf(contracts);
    return rulebookOf(plans, origins, await uplinesAsOf(tx, origins));
  }
}

/** Those to whom these contracts are attributed, at the moments of the contracts. */
export function originsOf(contracts: readonly AttributedContract[]): ContractOrigin[] {
  return contracts.flatMap((contract) => {
    const { attributedTo: partnerId, occurredAt: asOf } = contract;
    return partnerId === null ? [] : [{ partnerId, asOf, key: keyOf(contract) }];
  });
}

/** @param rows everybody from each origin to the top */
export function rulebookOf(
  plans: readonly PlanVersionRules[],
  origins: readonly ContractOrigin[],
  rows: readonly UplineRow[],
): Rulebook {
  const uplines = new Map<string, UplineRow[]>(origins.map(({ key }) => [key, []]));
  for (const row of rows) uplines.get(origins[row.origin]!.key)!.push(row);
  return { plans, uplineOf: (contract) => uplines.get(keyOf(contract)) ?? [] };
}

function keyOf({ contractId, version }: ContractMoment): string {
  return `${version} ${contractId}`;
}
