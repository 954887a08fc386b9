import type { Currency } from '../../kernel/money';
import type { AsJson } from '../../kernel/query';

/** What a partner earned in a month, reversals taken off; a month without any is there too. */
export interface MonthlyEarnings {
  readonly currency: Currency;
  /** Its first moment, in the time zone that was asked for. */
  readonly month: Date;
  /** Of contracts of one's own. */
  readonly ownMinor: number;
  /** Of contracts of partners below. */
  readonly networkMinor: number;
}

/** Of the partner $1, with the months of the time zone $2. */
export const EARNINGS = `
    with earned as (
      select e.currency, date_trunc('month', e.recorded_at, $2) as month,
             sum(e.amount_minor) filter (where e.level = 0) as own,
             sum(e.amount_minor) filter (where e.level > 0) as network
        from partner_program.account a join partner_program.entry e on e.account_id = a.id
       where a.holder_id = $1 and e.kind in ('commission', 'reversal')
         and e.recorded_at >= (date_trunc('month', (select partner_program.now_ms()) at time zone $2) - interval '11 months') at time zone $2
       group by 1, 2
    )
    select c.currency, m.month, coalesce(e.own, 0)::float8 as "ownMinor", coalesce(e.network, 0)::float8 as "networkMinor"
      from (select distinct currency from earned) c
     cross join lateral (
             select (date_trunc('month', (select partner_program.now_ms()) at time zone $2) - make_interval(months => ago)) at time zone $2 as month
               from generate_series(0, 11) as ago) m
      left join earned e on e.currency = c.currency and e.month = m.month
     order by c.currency, m.month`;

/** Earnings that were read within JSON, where moments are text. */
export function earningsIn(found: readonly AsJson<MonthlyEarnings>[]): MonthlyEarnings[] {
  return found.map((earned) => ({ ...earned, month: new Date(earned.month) }));
}
