import type { EntityManager } from 'typeorm';
import { rows } from '../../kernel/query';
import type { Candidate } from './attribution';

/** What a contract says of who brought it, at one moment. */
export interface Brought {
  readonly sellerId: string | null;
  readonly clientId: string | null;
  /** A partner's id or referral code, in lower case. */
  readonly referredBy: string | null;
  readonly occurredAt: Date;
}

/**
 * Whom the sources name for contracts, as the columns of a {@link Candidate} with the number of the contract.
 *
 * @param contracts rows of a number, a seller_id, a client_id, a referred_by and the moment occurred_at
 */
export const candidatesAmong = (contracts: string) => `
    select n.number, n.source, n.partner_id, coalesce(p.client_id = n.client_id, false) as is_client,
           exists (select from partner_program.placement w
                    where w.partner_id = n.partner_id and lower(w.valid) <= n.occurred_at) as joined
      from (select c.number, c.client_id, c.occurred_at, 'seller' as source, p.id as partner_id
              from ${contracts} c join partner_program.partner p on p.user_id = c.seller_id
             where p.linked_at is null or p.linked_at <= c.occurred_at
            union all
            select c.number, c.client_id, c.occurred_at, 'clientLink', l.partner_id
              from ${contracts} c
              join partner_program.client_link l on l.client_id = c.client_id and l.valid @> c.occurred_at
            union all
            select c.number, c.client_id, c.occurred_at, 'contract', p.id
              from ${contracts} c join partner_program.partner p on p.referral_code = c.referred_by
            union all
            select c.number, c.client_id, c.occurred_at, 'contract', p.id
              from ${contracts} c
              join partner_program.partner p
                on p.id = case when c.referred_by ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then c.referred_by::uuid end
           ) n
      join partner_program.partner p on p.id = n.partner_id`;

const CANDIDATES = {
  name: 'attribution-candidates',
  text: `
    with contract as (
      select row_number() over () - 1 as number, "sellerId" as seller_id, "clientId" as client_id,
             "referredBy" as referred_by, "occurredAt" as occurred_at
        from jsonb_to_recordset($1) as told ("sellerId" text, "clientId" text, "referredBy" text, "occurredAt" timestamptz)
    )${candidatesAmong('contract')}`,
};

/** Whom the sources name for each of these contracts, in their order. */
export async function candidatesFor(tx: EntityManager, contracts: readonly Brought[]): Promise<Candidate[][]> {
  const told = contracts.map(({ sellerId, clientId, referredBy, occurredAt }) => {
    return { sellerId, clientId, referredBy, occurredAt };
  });
  const found = await rows<Candidate & { number: number }>(tx, CANDIDATES, [JSON.stringify(told)]);
  const candidates = contracts.map((): Candidate[] => []);
  for (const { number, ...candidate } of found) candidates[number]!.push(candidate);
  return candidates;
}
