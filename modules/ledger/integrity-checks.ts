/** A rule that must hold at every moment between transactions; its SQL answers the rows that break it. */
export interface IntegrityCheck {
  /** As in the catalogue of invariants; names the translation `integrity.<id>` too. */
  readonly id: string;
  readonly what: string;
  readonly sql: string;
}

/**
 * What must be true of the whole database, recomputed from the rows alone. The statements name tables of rooms above
 * this one: an invariant spans rooms, and as text it makes no room depend on another.
 *
 * @see Q6
 */
export const INTEGRITY_CHECKS: readonly IntegrityCheck[] = [
  {
    id: 'L1',
    what: 'Every transaction has at least two entries, which add up to zero in every currency.',
    sql: `
      select t.id as transaction_id, t.key, e.currency, coalesce(sum(e.amount_minor), 0) as off_by_minor
        from partner_program.transaction t left join partner_program.entry e on e.transaction_id = t.id
       group by t.id, e.currency
      having coalesce(sum(e.amount_minor), 0) <> 0
          or (select count(*) from partner_program.entry every where every.transaction_id = t.id) < 2`,
  },
  {
    id: 'L2',
    what: 'Every balance is the sum of its entries, step by step.',
    sql: `
      with steps as (
        select e.account_id, e.transaction_id, e.account_version, e.balance_after_minor,
               sum(e.amount_minor) over through as balance_minor, row_number() over through as version
          from partner_program.entry e join partner_program.account a on a.id = e.account_id
         where a.partner_id is not null
        window through as (partition by e.account_id order by e.account_version rows unbounded preceding)
      )
      select account_id, transaction_id, balance_after_minor as stored_minor, balance_minor as recomputed_minor
        from steps where balance_after_minor is distinct from balance_minor or account_version is distinct from version
      union all
      select a.id, null, a.balance_minor, coalesce(sum(e.amount_minor), 0)
        from partner_program.account a left join partner_program.entry e on e.account_id = a.id
       where a.partner_id is not null group by a.id
      having a.balance_minor <> coalesce(sum(e.amount_minor), 0) or a.version <> count(e.account_id)`,
  },
  {
    id: 'L3',
    what: 'Nothing that was sealed has changed since, nothing has gone, and nothing was slipped in behind a seal.',
    sql: `
      with sealed as (
        select s.number, member.id, substring(s.digests from 32 * member.n::integer - 31 for 32) as digest
          from partner_program.seal s, unnest(s.transaction_ids) with ordinality as member (id, n)
      ), now_read as (
        select * from partner_program.transaction_digests(array(select id from sealed))
      ), chain as (
        select number, previous_hash, lag(hash, 1, '\\x') over (order by number) as hash_before, hash, digests,
               row_number() over (order by number) as position from partner_program.seal
      )
      select sealed.number as seal, sealed.id as transaction_id, 'changed or gone' as finding
        from sealed left join now_read on now_read.transaction_id = sealed.id
       where now_read.digest is distinct from sealed.digest
      union all
      select number, null, 'seal changed or gone' from chain
       where previous_hash <> hash_before or number <> position or hash <> sha256(previous_hash || digests)
      union all
      select null, t.id, 'slipped in'
        from partner_program.transaction t
       where t.id <= (select settled_id from partner_program.seal order by number desc limit 1)
         and not exists (select from sealed where sealed.id = t.id)
       order by 1, 2`,
  },
  {
    id: 'L4',
    what: 'Every step of a commission is posted by exactly one transaction, whose entries are its lines.',
    sql: `
      with lines as (
        select c.transaction_id, c.contract_id, l.partner_id, l.level, c.currency, sum(l.posted_minor) as minor
          from partner_program.calculation c join partner_program.commission_line l on l.calculation_id = c.id
         where l.posted_minor <> 0 group by 1, 2, 3, 4, 5
      ), entries as (
        select t.id as transaction_id, e.contract_id, a.partner_id, e.level, e.currency, sum(e.amount_minor) as minor
          from partner_program.transaction t
          join partner_program.entry e on e.transaction_id = t.id
          join partner_program.account a on a.id = e.account_id and a.partner_id is not null
         where t.kind in ('commission', 'reversal') group by 1, 2, 3, 4, 5
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
        select c.contract_id, c.accrual_version, c.id, l.partner_id, l.level, l.amount_minor, c.reversed_bps,
               sum(l.posted_minor) over (partition by c.contract_id, c.accrual_version, l.level order by c.id) as left_minor,
               max(c.id) over (partition by c.contract_id, c.accrual_version) as last_id
          from partner_program.calculation c join partner_program.commission_line l on l.calculation_id = c.id
      )
      select contract_id, accrual_version, partner_id, level, left_minor from through
       where left_minor < 0
          or id = last_id and left_minor <> amount_minor - amount_minor * reversed_bps / 10000`,
  },
  {
    id: 'L6',
    what: 'What is held is what the pending withdrawals ask for, one per partner.',
    sql: `
      with requested as (
        select partner_id, currency, sum(amount_minor) as minor, count(*) as requests
          from partner_program.withdrawal where status = 'pending' group by partner_id, currency
      ), held as (
        select partner_id, currency, balance_minor as minor from partner_program.account where kind = 'held'
      )
      select coalesce(r.partner_id, h.partner_id) as partner_id, coalesce(r.currency, h.currency) as currency,
             r.minor as requested_minor, h.minor as held_minor
        from requested r full join held h on h.partner_id = r.partner_id and h.currency = r.currency
       where coalesce(r.minor, 0) <> coalesce(h.minor, 0) or r.requests > 1`,
  },
  {
    id: 'L7',
    what: 'Only a reversal ever took an account below zero.',
    sql: `
      select account_id, transaction_id, kind, amount_minor, balance_after_minor from partner_program.entry
       where balance_after_minor < 0 and amount_minor < 0 and kind <> 'reversal'`,
  },
  {
    id: 'L8',
    what: 'Every withdrawal is held once, and paid out or given back once, in its own amount.',
    sql: `
      with moved as (
        select split_part(t.key, ':', 2) as id, a.partner_id, e.currency,
               count(*) filter (where t.kind = 'hold') as holds,
               sum(e.amount_minor) filter (where t.kind = 'hold') as hold_minor,
               count(*) filter (where t.kind = 'payout') as payouts,
               count(*) filter (where t.kind = 'holdReturn') as returns, sum(e.amount_minor) as left_minor
          from partner_program.transaction t
          join partner_program.entry e on e.transaction_id = t.id
          join partner_program.account a on a.id = e.account_id and a.kind = 'held'
         where t.kind in ('hold', 'holdReturn', 'payout') group by 1, 2, 3
      )
      select w.id as withdrawal_id, w.status, w.amount_minor, m.hold_minor, m.payouts, m.returns
        from partner_program.withdrawal w
        full join moved m on m.id = w.id::text and m.partner_id = w.partner_id and m.currency = w.currency
       where (m.holds, m.hold_minor, m.payouts, m.returns, m.left_minor) is distinct from
             (1::bigint, w.amount_minor::numeric, (w.status = 'paid')::integer::bigint,
              (w.status in ('rejected', 'cancelled'))::integer::bigint,
              case w.status when 'pending' then w.amount_minor else 0 end::numeric)`,
  },
  {
    id: 'L9',
    what: 'What is pending is what the commissions within their holding period add up to.',
    sql: `
      with holding as (
        select l.partner_id, c.currency, sum(l.posted_minor) as minor
          from partner_program.holding h
          join partner_program.calculation c on c.contract_id = h.contract_id and c.accrual_version = h.accrual_version
          join partner_program.commission_line l on l.calculation_id = c.id
         where h.released_at is null group by l.partner_id, c.currency
      ), pending as (
        select partner_id, currency, balance_minor as minor from partner_program.account where kind = 'pending'
      )
      select coalesce(h.partner_id, p.partner_id) as partner_id, coalesce(h.currency, p.currency) as currency,
             h.minor as held_back_minor, p.minor as pending_minor
        from holding h full join pending p on p.partner_id = h.partner_id and p.currency = h.currency
       where coalesce(h.minor, 0) <> coalesce(p.minor, 0)`,
  },
  {
    id: 'L10',
    what: 'The entries of an account were recorded in the order of their versions.',
    sql: `
      select account_id, transaction_id, recorded_at, before
        from (select account_id, transaction_id, recorded_at,
                     lag(recorded_at) over (partition by account_id order by account_version) as before
                from partner_program.entry where account_version is not null) entries
       where recorded_at < before`,
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
    id: 'T1',
    what: 'The tree has no cycle, and every path and count is what the sponsors say.',
    sql: `
      with recursive tree as (
        select id, seq || '.' as path, 0 as depth from partner_program.partner where sponsor_id is null
        union all
        select p.id, tree.path || p.seq || '.', tree.depth + 1
          from tree join partner_program.partner p on p.sponsor_id = tree.id
      ), below as (
        select p.sponsor_id as id, count(*) as direct, count(*) + sum(path.downline_count) as partners
          from partner_program.partner_path path join partner_program.partner p on p.id = path.partner_id group by 1
      )
      select p.id as partner_id, stored.path as stored_path, tree.path as recomputed_path,
             stored.downline_count as stored_count, coalesce(below.partners, 0) as recomputed_count
        from partner_program.partner p
        left join tree on tree.id = p.id
        left join below on below.id = p.id
        left join partner_program.partner_path stored on stored.partner_id = p.id
       where tree.id is null
          or stored.path is not null and (stored.path, stored.depth) is distinct from (tree.path, tree.depth)
          or stored.direct_count <> coalesce(below.direct, 0) or stored.downline_count <> coalesce(below.partners, 0)
          or stored.joined_at <> p.joined_at or stored.name_key <> lower(p.last_name || ' ' || p.first_name)
          or stored.path is null and exists (select from partner_program.placement where partner_id = p.id)`,
  },
  {
    id: 'T2',
    what: 'Every sponsor had a place in the tree when somebody was placed below.',
    sql: `
      select p.partner_id, p.sponsor_id, lower(p.valid) as placed_at from partner_program.placement p
       where p.sponsor_id is not null
         and not exists (select from partner_program.placement above
                          where above.partner_id = p.sponsor_id and above.valid @> lower(p.valid))`,
  },
  {
    id: 'T3',
    what: 'Everybody has one sponsor at a time, and stands where the placement in force says.',
    sql: `
      select p.id as partner_id, p.sponsor_id, place.sponsor_id as placed_under
        from partner_program.partner p
        join partner_program.placement place on place.partner_id = p.id
        join partner_program.timeline t
          on place.valid @> greatest(partner_program.now_ms(), t.calculated_until + interval '1 ms')
       where place.sponsor_id is distinct from p.sponsor_id
         and not exists (select from partner_program.job where key = 'placement:' || place.id and status <> 'done')
      union all
      select a.partner_id, a.sponsor_id, b.sponsor_id
        from partner_program.placement a
        join partner_program.placement b on b.partner_id = a.partner_id and b.id > a.id and b.valid && a.valid`,
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
    id: 'T6',
    what: 'Who has left the program earns nothing from then on.',
    sql: `
      select p.id as partner_id, p.left_at from partner_program.partner p
       where p.status = 'left'
         and not exists (select from partner_program.suspension s
                          where s.partner_id = p.id and s.valid @> tstzrange(p.left_at, null))`,
  },
  {
    id: 'F28',
    what: 'Every change that was told and worked on is remembered, and every held-back commission will be released.',
    sql: `
      select j.key, j.finished_at from partner_program.job j
       where j.kind = 'contract' and j.status = 'done'
         and not exists (select from partner_program.contract_event e
                          where e.contract_id = j.payload ->> 'contractId'
                            and e.version = (j.payload ->> 'version')::integer)
      union all
      select h.contract_id || ':' || h.accrual_version, h.release_at from partner_program.holding h
       where h.released_at is null
         and not exists (select from partner_program.job j
                          where j.key = 'release:' || h.contract_id || ':' || h.accrual_version and j.status <> 'done')`,
  },
];
