import type { EntityManager } from 'typeorm';
import type { AttributionSource } from '../../../kernel/attribution-source';
import type { Currency } from '../../../kernel/money';
import { rows } from '../../../kernel/query';
import type { LineReason } from '../calculation/commission-split';
import type { ForecastLine } from '../forecasts/forecasts.service';

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
  /** Of a forecast: how likely it is by the contract's status, and the amount by that weight. */
  readonly weightBps: number | null;
  readonly weightedMinor: number | null;
}

/** The exact sums of a whole filter in one currency; forecasts also by their weights. */
export interface CommissionTotal {
  readonly currency: Currency;
  readonly contracts: number;
  readonly amountMinor: number;
  readonly weightedMinor: number | null;
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

/**
 * The last accrual of each contract in which a partner has a line, and the forecasts: one list, filtered, sorted and summed in
 * one place. $1 is the partner, $2 the forecasts, $3 to $10 the filter.
 */
const LISTED = `
    with step as (
      select c.contract_id, c.accrual_version, l.level, sum(l.posted_minor)::bigint as net_minor,
             coalesce(sum(-l.posted_minor) filter (where l.posted_minor < 0), 0)::bigint as reversed_minor,
             max(c.id) as last_id, min(c.as_of) as as_of
        from partner_program.commission_line l
        join partner_program.calculation c on c.id = l.calculation_id
       where l.partner_id = $1 and $3::text is distinct from 'forecast'
       group by c.contract_id, c.accrual_version, l.level
    ), latest as (
      select distinct on (contract_id) * from step order by contract_id, accrual_version desc
    ), listed as (
      select s.contract_id, e.number, e.status, e.seller_id, e.client_id, e.value_minor, c.currency,
             begun.attribution_source as source, s.level, l.rate_bps, s.net_minor as amount_minor, s.reversed_minor,
             case when c.reversed_bps = 10000 then 'reversed'
                  when m.contract_id is not null and m.released_at is null then 'maturing'
                  else 'posted' end as state,
             s.as_of as occurred_at, m.release_at, l.reason, null::integer as weight_bps, null::bigint as weighted_minor
        from latest s
        join partner_program.calculation c on c.id = s.last_id
        join partner_program.commission_line l on l.calculation_id = s.last_id and l.level = s.level
        join partner_program.contract_event begun
          on begun.contract_id = s.contract_id and begun.version = s.accrual_version
        join lateral (select * from partner_program.contract_event
                       where contract_id = s.contract_id order by version desc limit 1) e on true
        left join partner_program.maturing m on m.contract_id = s.contract_id and m.accrual_version = s.accrual_version
      union all
      select "contractId", number, status, "sellerId", "clientId", "valueMinor", currency, source, level, "rateBps",
             "amountMinor", 0, 'forecast', "occurredAt", null, reason, "weightBps", "weightedMinor"
        from jsonb_to_recordset($2) as expected ("contractId" text, number text, status text, "sellerId" text, "clientId" text,
             "valueMinor" bigint, currency text, source text, level integer, "rateBps" integer, "amountMinor" bigint,
             "occurredAt" timestamptz, reason text, "weightBps" integer, "weightedMinor" bigint)
    ), wanted as (
      select * from listed
       where ($3::text is null or state = $3) and ($4::integer is null or level = $4)
         and ($5::text is null or currency = $5) and ($6::text is null or status = $6)
         and ($7::timestamptz is null or occurred_at >= $7) and ($8::timestamptz is null or occurred_at < $8)
         and ($9::text is null or number ilike '%' || $9 || '%' or client_id = any ($10))
    )`;

const page = (sort: CommissionSort) => {
  const [key, type] = sort === 'date' ? ['occurred_at', 'timestamptz'] : ['amount_minor', 'bigint'];
  return {
    name: `commission-list-by-${sort}`,
    text: `${LISTED}
    select * from wanted
     where $11::${type} is null or (${key}, contract_id) < ($11::${type}, $12)
     order by ${key} desc, contract_id desc limit $13`,
  };
};
const PAGES = { date: page('date'), amount: page('amount') };

/** What a list is made of: whose it is, what is expected, and what is asked for of both. */
export interface CommissionList {
  readonly partnerId: string;
  readonly forecasts: readonly ForecastLine[];
  readonly filter: CommissionFilter;
}

/** Contract by contract, the newest or the largest first. */
export function listCommissions(
  tx: EntityManager,
  list: CommissionList,
  { sort, after, limit }: { sort: CommissionSort; after: After | null; limit: number | null },
): Promise<ContractCommission[]> {
  const [key = null, contractId = null] = after ?? [];
  return rows(tx, PAGES[sort], [...paramsOf(list), key, contractId, limit]);
}

const TOTALS = {
  name: 'commission-list-totals',
  text: `${LISTED}
    select currency, count(*) as contracts, sum(amount_minor)::bigint as amount_minor,
           sum(weighted_minor)::bigint as weighted_minor
      from wanted group by currency order by currency`,
};

export function commissionTotals(tx: EntityManager, list: CommissionList): Promise<CommissionTotal[]> {
  return rows(tx, TOTALS, paramsOf(list));
}

function paramsOf({ partnerId, forecasts, filter }: CommissionList) {
  const { state, level, currency, status, from, to, search } = filter;
  const expected = forecasts.map(({ contract, source, line, weightedMinor }) => {
    return { ...contract, source, ...line, weightedMinor };
  });
  const text = search?.text.replace(/[\\%_]/g, '\\$&');
  const filters = [state, level, currency, status, from, to, text, search?.clientIds ?? []];
  return [partnerId, JSON.stringify(expected), ...filters.map((value) => value ?? null)];
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
