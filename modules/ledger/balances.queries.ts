import type { EntityManager } from 'typeorm';
import type { Currency } from '../kernel/money';
import { run } from '../kernel/query';

/** A partner's money in one currency, minor units; currencies are never added together. @see P15 */
export interface Balance {
  readonly currency: Currency;
  /** What is the partner's now: available and held together. Below zero after a reversal of paid-out money. */
  readonly totalMinor: number;
  readonly availableMinor: number;
  /** Waiting in a withdrawal request. */
  readonly heldMinor: number;
  /** Earned, but still within its holding period. */
  readonly forecastMinor: number;
  readonly paidOutMinor: number;
  /** Changes with every entry on the available balance; what `If-Match` compares. */
  readonly version: number;
}

const BALANCES_OF = {
  name: 'ledger-balances-of',
  text: `
    select partner_id as "partnerId", currency,
           coalesce(sum(balance_minor) filter (where kind in ('available', 'held')), 0)::float8 as "totalMinor",
           coalesce(sum(balance_minor) filter (where kind = 'available'), 0)::float8 as "availableMinor",
           coalesce(sum(balance_minor) filter (where kind = 'held'), 0)::float8 as "heldMinor",
           coalesce(sum(balance_minor) filter (where kind = 'pending'), 0)::float8 as "forecastMinor",
           coalesce(sum((select -sum(e.amount_minor) from partner_program.entry e
                          where e.account_id = a.id and e.kind = 'payout')) filter (where kind = 'available'), 0)::float8
             as "paidOutMinor",
           coalesce(sum(version) filter (where kind = 'available'), 0)::float8 as version
      from partner_program.account a where holder = any ($1)
     group by partner_id, currency order by partner_id, currency`,
};

/** The balances of each partner by currency; none for a currency never posted in. */
export async function balancesOf(tx: EntityManager, partnerIds: readonly string[]): Promise<Map<string, Balance[]>> {
  const balances = new Map<string, Balance[]>(partnerIds.map((id) => [id, []]));
  const rows = await run<Balance & { partnerId: string }>(tx, BALANCES_OF, [partnerIds]);
  for (const { partnerId, ...balance } of rows) balances.get(partnerId)!.push(balance);
  return balances;
}
