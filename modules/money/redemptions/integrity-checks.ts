import type { IntegrityCheck } from '../../ledger/integrity/integrity-check';

/** What must be true of withdrawals and of what they hold. */
export const REDEMPTION_CHECKS: readonly IntegrityCheck[] = [
  {
    id: 'L6',
    what: 'What is held is what the pending withdrawals ask for, one per partner.',
    sql: `
      with requested as (
        select partner_id, currency, sum(amount_minor) as minor, count(*) as requests
          from partner_program.withdrawal where status = 'pending' group by partner_id, currency
      ), held as (
        select holder_id as partner_id, currency, balance_minor as minor from partner_program.account where kind = 'held'
      )
      select coalesce(r.partner_id, h.partner_id) as partner_id, coalesce(r.currency, h.currency) as currency,
             r.minor as requested_minor, h.minor as held_minor
        from requested r full join held h on h.partner_id = r.partner_id and h.currency = r.currency
       where coalesce(r.minor, 0) <> coalesce(h.minor, 0) or r.requests > 1`,
  },
  {
    id: 'L8',
    what: 'Every withdrawal is held once, and paid out or given back once, in its own amount.',
    sql: `
      with moved as (
        select split_part(t.key, ':', 2) as id, a.holder_id as partner_id, e.currency,
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
];
