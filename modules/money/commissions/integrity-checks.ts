import type { IntegrityCheck } from '../../ledger/integrity/integrity-check';

/** What must be true of calculations and of what is posted for them. */
export const COMMISSION_CHECKS: readonly IntegrityCheck[] = [
  {
    id: 'L4',
    what: 'Every step of a commission is posted by exactly one transaction, whose entries are its lines.',
    sql: `
      with lines as (
        select c.transaction_id, c.contract_id, l.partner_id, l.level, c.currency, sum(l.posted_minor) as minor
          from partner_program.calculation c join partner_program.commission_line l on l.calculation_id = c.id
         where l.posted_minor <> 0 group by 1, 2, 3, 4, 5
      ), entries as (
        select t.id as transaction_id, e.contract_id, a.holder_id as partner_id, e.level, e.currency, sum(e.amount_minor) as minor
          from partner_program.transaction t
          join partner_program.entry e on e.transaction_id = t.id
          join partner_program.account a on a.id = e.account_id and a.holder_kind = 'partner'
         where t.kind = 'commission' or t.kind = 'reversal' and (t.key like 'contract:%' or e.contract_id is not null)
         group by 1, 2, 3, 4, 5
      )
      select coalesce(l.contract_id, e.contract_id) as contract_id, coalesce(l.transaction_id, e.transaction_id) as transaction_id,
             coalesce(l.partner_id, e.partner_id) as partner_id, l.minor as lines_minor, e.minor as entries_minor
        from lines l full join entries e on e.transaction_id = l.transaction_id and e.contract_id = l.contract_id
             and e.partner_id = l.partner_id and e.level = l.level and e.currency = l.currency
       where l.minor is distinct from e.minor and coalesce(l.minor, 0) <> coalesce(e.minor, 0)
      union all
      select c.contract_id, t.id, null, null, null
        from partner_program.calculation c join partner_program.transaction t on t.id = c.transaction_id
       where t.key <> 'contract:' || c.contract_id || ':' || c.event_version`,
  },
  {
    id: 'L5',
    what: 'What is taken back is never more than what was paid, and what is left is what the rules say.',
    sql: `
      with through as (
        select c.contract_id, c.accrual_version, c.id, l.partner_id, l.level, l.amount_minor,
               case when c.reversed_minor = 0 then div(l.amount_minor::numeric * c.reversed_bps, 10000)
                    else div(l.amount_minor::numeric * (c.reversed_bps * c.basis_minor::numeric + 10000 * c.reversed_minor::numeric),
                             10000 * c.basis_minor::numeric) end as taken_minor,
               sum(l.posted_minor) over (partition by c.contract_id, c.accrual_version, l.level order by c.id) as left_minor,
               max(c.id) over (partition by c.contract_id, c.accrual_version) as last_id
          from partner_program.calculation c join partner_program.commission_line l on l.calculation_id = c.id
      )
      select contract_id, accrual_version, partner_id, level, left_minor from through
       where left_minor < 0
          or id = last_id and left_minor <> amount_minor - taken_minor`,
  },
  {
    id: 'L9',
    what: 'What is maturing is what the commissions within their holding period add up to.',
    sql: `
      with expected as (
        select l.partner_id, c.currency, sum(l.posted_minor) as minor
          from partner_program.maturing m
          join partner_program.calculation c on c.contract_id = m.contract_id and c.accrual_version = m.accrual_version
          join partner_program.commission_line l on l.calculation_id = c.id
         where m.released_at is null group by l.partner_id, c.currency
      ), maturing as (
        select holder_id as partner_id, currency, balance_minor as minor from partner_program.account where kind = 'maturing'
      )
      select coalesce(e.partner_id, m.partner_id) as partner_id, coalesce(e.currency, m.currency) as currency,
             e.minor as expected_minor, m.minor as maturing_minor
        from expected e full join maturing m on m.partner_id = e.partner_id and m.currency = e.currency
       where coalesce(e.minor, 0) <> coalesce(m.minor, 0)`,
  },
  {
    id: 'D2',
    what: 'Every calculation follows the plan version in force at its moment, and no two versions of a plan overlap.',
    sql: `
      select c.contract_id, c.event_version, c.as_of, c.plan_version_id
        from partner_program.calculation c
        join partner_program.plan_version v on v.id = c.plan_version_id
        join partner_program.plan p on p.id = v.plan_id
       where v.valid is null or not v.valid @> c.as_of::timestamptz or p.currency <> c.currency
      union all
      select null, null, lower(a.valid), a.id
        from partner_program.plan_version a
        join partner_program.plan_version b on b.plan_id = a.plan_id and b.id > a.id and b.valid && a.valid`,
  },
  {
    id: 'D3',
    what: 'A commission never passes the cap of its plan or its base, and nobody has two lines in it.',
    sql: `
      select c.contract_id, c.event_version, c.basis_minor, sum(l.amount_minor) as total_minor
        from partner_program.calculation c
        join partner_program.commission_line l on l.calculation_id = c.id
        left join partner_program.plan_version v on v.id = c.plan_version_id
       group by c.id, v.id
      having sum(l.amount_minor) > c.basis_minor * coalesce(v.cap_bps, 10000) / 10000
          or count(*) <> count(distinct l.partner_id) or max(l.level) <> count(*) - 1
          or c.plan_version_id is null and sum(l.amount_minor) <> 0`,
  },
  {
    id: 'T5',
    what: 'The people of a calculation are those who stood above the originator at its moment, whatever moved since.',
    sql: `
      select c.contract_id, c.event_version, l.level, l.partner_id, place.sponsor_id, above.partner_id as stored_above
        from partner_program.commission_line l
        join partner_program.calculation c on c.id = l.calculation_id
        left join partner_program.commission_line above on above.calculation_id = l.calculation_id and above.level = l.level + 1
        left join partner_program.placement place on place.partner_id = l.partner_id and place.valid @> c.as_of::timestamptz
       where place.sponsor_id is distinct from above.partner_id`,
  },
  {
    id: 'F28',
    what: 'Every change that was reported and worked on is remembered, and every maturing commission will be released.',
    sql: `
      select j.key, j.finished_at from partner_program.job j
       where j.kind = 'contract' and j.status = 'done'
         and not exists (select from partner_program.contract_event e
                          where e.contract_id = j.payload ->> 'contractId'
                            and e.version = (j.payload ->> 'version')::integer)
      union all
      select h.contract_id || ':' || h.accrual_version, h.release_at from partner_program.maturing h
       where h.released_at is null
         and not exists (select from partner_program.job j
                          where j.key = 'release:' || h.contract_id || ':' || h.accrual_version and j.status <> 'done')`,
  },
];
