import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { partnersOfUsers, uplinesAsOf } from '../../../people/partners/partners.queries';
import type { Origin, PartnerOfUser, UplineRow } from '../../../people/partners/partners.queries';
import type { PlanVersionRules } from '../../../rules/plans/plan-rules';
import { PlansService } from '../../../rules/plans/plans.service';
import type { ContractMoment, Rulebook } from './calculation';

/** A contract's moment with the CRM user who sold it. */
export type SoldContract = ContractMoment & { readonly sellerId: string | null };

/** The partner who sold a contract, at its moment. */
type ContractOrigin = Origin & { readonly key: string };

/** Reads what was in force at given moments: the plans, the tree, the partners' states. */
@Injectable()
export class RulebookService {
  constructor(private readonly plans: PlansService) {}

  /** Three statements, whatever the number of contracts. */
  async at(tx: EntityManager, contracts: readonly SoldContract[]): Promise<Rulebook> {
    const plans = await this.plans.active(tx);
    const sellers = contracts.flatMap(({ sellerId }) => (sellerId === null ? [] : [sellerId]));
    const origins = originsOf(contracts, await partnersOfUsers(tx, sellers));
    return rulebookOf(plans, origins, await uplinesAsOf(tx, origins));
  }
}

/** The sellers who were partners at the moments of their contracts. */
export function originsOf(
  contracts: readonly SoldContract[],
  partners: ReadonlyMap<string, PartnerOfUser>,
): ContractOrigin[] {
  return contracts.flatMap((contract) => {
    const { sellerId, occurredAt: asOf } = contract;
    const partner = sellerId === null ? undefined : partners.get(sellerId);
    if (!partner || (partner.linkedAt && partner.linkedAt > asOf)) return [];
    return [{ partnerId: partner.partnerId, asOf, key: keyOf(contract) }];
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
