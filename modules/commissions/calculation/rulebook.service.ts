import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { partnersOfUsers, uplinesAsOf } from '../../partners/partners.queries';
import type { UplineRow } from '../../partners/partners.queries';
import { PlansService } from '../../plans/plans.service';
import type { ContractMoment, Rulebook } from './calculation';

/** A contract's moment with the CRM user who sold it. */
export type SoldContract = ContractMoment & { readonly sellerId: string | null };

/** Reads what was in force at given moments: the plans, the tree, the partners' states. */
@Injectable()
export class RulebookService {
  constructor(private readonly plans: PlansService) {}

  /** Three statements, whatever the number of contracts. */
  async at(tx: EntityManager, contracts: readonly SoldContract[]): Promise<Rulebook> {
    const plans = await this.plans.active(tx);
    const sellers = contracts.flatMap(({ sellerId }) => (sellerId === null ? [] : [sellerId]));
    const partners = await partnersOfUsers(tx, sellers);
    const origins = contracts.flatMap((contract) => {
      const { sellerId, occurredAt: asOf } = contract;
      const partner = sellerId === null ? undefined : partners.get(sellerId);
      if (!partner || (partner.linkedAt && partner.linkedAt > asOf)) return [];
      return [{ partnerId: partner.partnerId, asOf, key: keyOf(contract) }];
    });
    const uplines = new Map<string, UplineRow[]>(origins.map(({ key }) => [key, []]));
    for (const row of await uplinesAsOf(tx, origins)) uplines.get(origins[row.origin]!.key)!.push(row);
    return { plans, uplineOf: (contract) => uplines.get(keyOf(contract)) ?? [] };
  }
}

function keyOf({ contractId, version }: ContractMoment): string {
  return `${version} ${contractId}`;
}
