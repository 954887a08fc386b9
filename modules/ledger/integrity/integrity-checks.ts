import type { IntegrityCheck } from './integrity-check';

/** What must be true of the books, recomputed from the rows alone. @see Q6 */
export const LEDGER_CHECKS: readonly IntegrityCheck[] = [
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
         where a.keeps_balance
        window through as (partition by e.account_id order by e.account_version rows unbounded preceding)
      )
      select account_id, transaction_id, balance_after_minor as stored_minor, balance_minor as recomputed_minor
        from steps where balance_after_minor is distinct from balance_minor or account_version is distinct from version
      union all
      select a.id, null, a.balance_minor, coalesce(sum(e.amount_minor), 0)
        from partner_program.account a left join partner_program.entry e on e.account_id = a.id
       where a.keeps_balance group by a.id
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
    id: 'L7',
    what: 'Only a reversal ever took an account below zero.',
    sql: `
      select e.account_id, e.transaction_id, e.kind, e.amount_minor, e.balance_after_minor
        from partner_program.entry e left join partner_program.posting_kind k on k.kind = e.kind
       where e.balance_after_minor < 0 and e.amount_minor < 0 and k.may_overdraw is not true`,
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
];
