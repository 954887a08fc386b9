import type { EntityManager } from 'typeorm';
import type { Currency, Money } from '../../kernel/money';
import { rows } from '../../kernel/query';
import type { AsJson } from '../../kernel/query';

// These statements have no names: each is planned for the tables as they are when somebody looks.

/** What waits for somebody to decide or to repair. */
export interface Waiting {
  readonly withdrawals: { readonly count: number; readonly totals: readonly Money[] };
  readonly approvals: number;
  readonly clientLinks: number;
  readonly deadJobs: number;
}

const WAITING = `
    select (select json_build_object('count', coalesce(sum(n), 0),
                     'totals', coalesce(json_agg(json_build_object('amountMinor', total, 'currency', currency)
                                                 order by currency), '[]'))
              from (select currency, count(*) as n, sum(amount_minor)::bigint as total
                      from partner_program.withdrawal where status = 'pending' group by currency) w) as withdrawals,
           (select count(*) from partner_program.partner where status = 'awaitingApproval') as approvals,
           (select count(*) from partner_program.client_link where status = 'submitted') as client_links,
           (select count(*) from partner_program.job where status = 'dead') as dead_jobs`;

export async function waiting(tx: EntityManager): Promise<Waiting> {
  return (await rows<Waiting>(tx, WAITING, []))[0]!;
}

/** The first moment of the month so many months ago, in the time zone $1. */
const monthBegun = (ago: string) =>
  `(date_trunc('month', partner_program.now_ms() at time zone $1) - make_interval(months => ${ago})) at time zone $1`;

/** What the program owes its partners in one currency, wallets below zero taken off. */
export interface Liability {
  readonly currency: Currency;
  readonly availableMinor: number;
  readonly heldMinor: number;
  readonly maturingMinor: number;
}

export interface MoneyOfProgram {
  /** What was posted to partners this month and the month before, reversals taken off. */
  readonly thisMonth: readonly Money[];
  readonly lastMonth: readonly Money[];
  /** Those who earned most this month: five of each currency, the program's own first. */
  readonly top: readonly (Money & { readonly partnerId: string; readonly name: string })[];
  readonly liabilities: readonly Liability[];
}

const balance = (kind: string) => `coalesce(sum(balance_minor) filter (where kind = '${kind}'), 0)::bigint`;

const sums = (condition: string) => `
    (select coalesce(json_agg(json_build_object('amountMinor', total, 'currency', currency) order by currency), '[]')
       from (select currency, sum(amount_minor)::bigint as total from net where ${condition} group by currency) s)`;

const MONEY = `
    with net as (
      select a.holder_id, e.currency, e.recorded_at >= ${monthBegun('0')} as is_current,
             sum(e.amount_minor)::bigint as amount_minor
        from partner_program.entry e join partner_program.account a on a.id = e.account_id
       where e.recorded_at >= ${monthBegun('1')} and e.kind in ('commission', 'reversal') and a.holder_kind = 'partner'
       group by 1, 2, 3
    ), ranked as (
      select *, row_number() over (partition by currency order by amount_minor desc, holder_id) as place
        from net where is_current and amount_minor > 0
    )
    select ${sums('is_current')} as this_month, ${sums('not is_current')} as last_month,
           (select coalesce(json_agg(json_build_object(
                     'partnerId', r.holder_id, 'name', p.first_name || ' ' || p.last_name,
                     'amountMinor', r.amount_minor, 'currency', r.currency)
                   order by r.currency <> $2, r.currency, r.place), '[]')
              from ranked r join partner_program.partner p on p.id = r.holder_id
             where r.place <= 5) as top,
           (select coalesce(json_agg(l), '[]')
              from (select currency, ${balance('available')} as "availableMinor", ${balance('held')} as "heldMinor",
                           ${balance('maturing')} as "maturingMinor"
                      from partner_program.account
                     where holder_kind = 'partner' and kind in ('available', 'held', 'maturing')
                     group by currency order by currency) l) as liabilities`;

/** @param timeZone where the months begin, by an IANA name */
export async function moneyOfProgram(
  tx: EntityManager,
  { timeZone, currency }: { readonly timeZone: string; readonly currency: Currency },
): Promise<MoneyOfProgram> {
  return (await rows<MoneyOfProgram>(tx, MONEY, [timeZone, currency]))[0]!;
}

export interface Newcomers {
  /** Who takes part now: neither waiting nor suspended nor left. */
  readonly active: number;
  /** Who joined in each of the last twelve months, this one last; also those who have left since. */
  readonly byMonth: readonly { readonly month: Date; readonly count: number }[];
}

const PARTNERS = `
    select (select count(*) from partner_program.partner p
             where p.status = 'active'
               and not exists (select from partner_program.suspension s
                                where s.partner_id = p.id and s.valid @> partner_program.now_ms())) as active,
           (select json_agg(json_build_object('month', m.month, 'count', (
                     select count(*) from partner_program.partner p
                      where p.joined_at >= m.month and p.joined_at < m.next and p.status <> 'awaitingApproval'))
                   order by m.month)
              from (select ${monthBegun('ago')} as month, ${monthBegun('ago - 1')} as next
                      from generate_series(0, 11) as ago) m) as by_month`;

/** @param timeZone where the months begin, by an IANA name */
export async function newcomers(tx: EntityManager, timeZone: string): Promise<Newcomers> {
  const [row] = await rows<{ active: number; byMonth: AsJson<Newcomers['byMonth'][number]>[] }>(tx, PARTNERS, [
    timeZone,
  ]);
  return { active: row!.active, byMonth: row!.byMonth.map(({ month, count }) => ({ month: new Date(month), count })) };
}
