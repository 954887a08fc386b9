import type { EntityManager } from 'typeorm';
import type { AttributionSource } from '../../../kernel/attribution-source';
import type { Currency } from '../../../kernel/money';
import { rows } from '../../../kernel/query';
import type { LineReason } from '../calculation/commission-split';

/** How far a commission has come: expected, accrued and maturing, available, taken back as a whole. @see P19 */
export const COMMISSION_STATES = ['forecast', 'maturing', 'posted', 'reversed'] as const;
export type CommissionState = (typeof COMMISSION_STATES)[number];

/** What one contract pays or is expected to pay one partner, minor units. */
export interface ContractCommission {
  readonly contractId: string;
  readonly number: string | null;
  readonly status: string;
  readonly sellerId: string | null;
  readonly clientId: string | null;
  readonly valueMinor: number;
  readonly currency: Currency;
  readonly source: AttributionSource;
  readonly level: number;
  readonly rateBps: number | null;
  /** What is left after reversals. */
  readonly amountMinor: number;
  readonly reversedMinor: number;
  readonly state: CommissionState;
  /** When it accrued; of a forecast, when the contract last changed. */
  readonly occurredAt: Date;
  /** Until when it matures; null where it does not. */
  readonly releaseAt: Date | null;
  /** Why nothing is paid, or PAID. */
  readonly reason: LineReason;
}

export interface CommissionFilter {
  readonly state?: CommissionState;
  readonly level?: number;
  readonly currency?: string;
  readonly status?: string;
  readonly from?: Date;
  readonly to?: Date;
  /** A part of the contract's number, or one of these clients. */
  readonly search?: { readonly text: string; readonly clientIds: readonly string[] };
}

export type CommissionSort = 'date' | 'amount';

/** The sort key of the last row of the page before. */
export type After = readonly [key: string | number, contractId: string];

/** The last accrual of each contract in which a partner has a line. $1 is the partner, $2 to $9 the filter. */
const ACCRUED = `
    with step as (
      select c.contract_id, c.accrual_version, l.level, sum(l.posted_minor)::bigint as net_minor,
             coalesce(sum(-l.posted_minor) filter (where l.posted_minor < 0), 0)::bigint as reversed_minor,
             max(c.id) as last_id, min(c.as_of) as as_of
        from partner_program.commission_line l
        join partner_program.calculation c on c.id = l.calculation_id
       where l.partner_id = $1
       group by c.contract_id, c.accrual_version, l.level
    ), latest as (
      select distinct on (contract_id) * from step order by contract_id, accrual_version desc
    ), accrued as (
      select s.contract_id, e.number, e.status, e.seller_id, e.client_id, e.value_minor, c.currency,
             begun.attribution_source as source, s.level, l.rate_bps, s.net_minor as amount_minor, s.reversed_minor,
             case when c.reversed_bps = 10000 then 'reversed'
                  when m.contract_id is not null and m.released_at is null then 'maturing'
                  else 'posted' end as state,
             s.as_of as occurred_at, m.release_at, l.reason
        from latest s
        join partner_program.calculation c on c.id = s.last_id
        join partner_program.commission_line l on l.calculation_id = s.last_id and l.level = s.level
        join partner_program.contract_event begun
          on begun.contract_id = s.contract_id and begun.version = s.accrual_version
        join lateral (select * from partner_program.contract_event
                       where contract_id = s.contract_id order by version desc limit 1) e on true
        left join partner_program.maturing m on m.contract_id = s.contract_id and m.accrual_version = s.accrual_version
    ), wanted as (
      select * from accrued
       where ($2::text is null or state = $2) and ($3::integer is null or level = $3)
         and ($4::text is null or currency = $4) and ($5::text is null or status = $5)
         and ($6::timestamptz is null or occurred_at >= $6) and ($7::timestamptz is null or occurred_at < $7)
         and ($8::text is null or number ilike '%' || $8 || '%' or client_id = any ($9))
    )`;

const page = (sort: CommissionSort) => {
  const [key, type] = sort === 'date' ? ['occurred_at', 'timestamptz'] : ['amount_minor', 'bigint'];
  return {
    name: `commission-list-by-${sort}`,
    text: `${ACCRUED}
    select * from wanted
     where $10::${type} is null or (${key}, contract_id) < ($10::${type}, $11)
     order by ${key} desc, contract_id desc limit $12`,
  };
};
const PAGES = { date: page('date'), amount: page('amount') };

/** What was accrued for a partner, contract by contract, the newest or the largest first. */
export function accruedCommissions(
  tx: EntityManager,
  partnerId: string,
  filter: CommissionFilter,
  { sort, after, limit }: { sort: CommissionSort; after: After | null; limit: number | null },
): Promise<ContractCommission[]> {
  const [key = null, contractId = null] = after ?? [];
  return rows(tx, PAGES[sort], [...paramsOf(partnerId, filter), key, contractId, limit]);
}

const SUMS = {
  name: 'commission-list-sums',
  text: `${ACCRUED}
    select currency, count(*) as contracts, sum(amount_minor)::bigint as amount_minor from wanted group by currency`,
};

/** The exact sums of the whole filter, by currency. */
export function accruedSums(
  tx: EntityManager,
  partnerId: string,
  filter: CommissionFilter,
): Promise<{ currency: Currency; contracts: number; amountMinor: number }[]> {
  return rows(tx, SUMS, paramsOf(partnerId, filter));
}

function paramsOf(partnerId: string, { state, level, currency, status, from, to, search }: CommissionFilter) {
  const text = search?.text.replace(/[\\%_]/g, '\\$&');
  return [partnerId, state, level, currency, status, from, to, text, search?.clientIds ?? []].map(
    (value) => value ?? null,
  );
}

const CLIENTS = {
  name: 'commission-list-clients',
  text: `
    select distinct e.client_id
      from partner_program.commission_line l
      join partner_program.calculation c on c.id = l.calculation_id
      join partner_program.contract_event e on e.contract_id = c.contract_id
     where l.partner_id = $1 and e.client_id is not null limit $2`,
};

/** The clients of contracts in which a partner has a line, at most so many. */
export async function clientsOf(tx: EntityManager, partnerId: string, limit: number): Promise<string[]> {
  const found = await rows<{ clientId: string }>(tx, CLIENTS, [partnerId, limit]);
  return found.map(({ clientId }) => clientId);
}
