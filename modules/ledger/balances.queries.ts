import type { EntityManager } from 'typeorm';
import type { Currency } from '../kernel/money';
import { rows } from '../kernel/query';

/** A partner's money in one currency, minor units; currencies are never added together. @see P15 */
export interface Balance {
  readonly currency: Currency;
  /** What is the partner's now: available and held together. Below zero after a reversal of paid-out money. */
  readonly totalMinor: number;
  readonly availableMinor: number;
  /** Waiting in a withdrawal request. */
  readonly heldMinor: number;
  /** Accrued, but still within its holding period. */
  readonly maturingMinor: number;
  readonly paidOutMinor: number;
  /** Changes with every entry on the available balance; what `If-Match` compares. */
  readonly version: number;
}

const balancesWhere = (condition: string) => `
    select holder_id as "partnerId", currency,
           coalesce(sum(balance_minor) filter (where kind in ('available', 'held')), 0)::float8 as "totalMinor",
           coalesce(sum(balance_minor) filter (where kind = 'available'), 0)::float8 as "availableMinor",
           coalesce(sum(balance_minor) filter (where kind = 'held'), 0)::float8 as "heldMinor",
           coalesce(sum(balance_minor) filter (where kind = 'maturing'), 0)::float8 as "maturingMinor",
           coalesce(sum((select -sum(e.amount_minor) from partner_program.entry e
                          where e.account_id = a.id and e.kind = 'payout')) filter (where kind = 'available'), 0)::float8
             as "paidOutMinor",
           coalesce(sum(version) filter (where kind = 'available'), 0)::float8 as version
      from partner_program.account a where ${condition}
     group by holder_id, currency order by holder_id, currency`;

const BALANCES_OF = { name: 'ledger-balances-of', text: balancesWhere('holder_id = any ($1)') };

/** The balances of one as a column of another statement. @param id the SQL of the partner's id */
export const balancesColumn = (id: string) =>
  `(select coalesce(jsonb_agg(to_jsonb(b) - 'partnerId'), '[]') from (${balancesWhere(`holder_id = ${id}`)}) b)`;

/** The balances of each partner by currency; none for a currency never posted in. */
export async function balancesOf(tx: EntityManager, partnerIds: readonly string[]): Promise<Map<string, Balance[]>> {
  const balances = new Map<string, Balance[]>(partnerIds.map((id) => [id, []]));
  const found = await rows<Balance & { partnerId: string }>(tx, BALANCES_OF, [partnerIds]);
  for (const { partnerId, ...balance } of found) balances.get(partnerId)!.push(balance);
  return balances;
}
