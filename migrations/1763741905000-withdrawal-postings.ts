import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A withdrawal moves its money itself, in the statement that writes it, and is announced by it. */
export class WithdrawalPostings1763741905000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      drop trigger withdrawal_posted on partner_program.withdrawal;
      drop function partner_program.withdrawal_posted();

      -- Held while it waits. Then back from hold, and out when it is paid, so that the history of the available balance
      -- tells the whole story.
      create function partner_program.withdrawal_moves_money() returns trigger
        language plpgsql as $$
      declare
        waits constant boolean := new.status = 'pending';
        paid constant boolean := new.status = 'paid';
        holder constant uuid := new.partner_id;
        amount constant bigint := new.amount_minor;
        kind constant text := case when waits then 'hold' when paid then 'payout' else 'holdReturn' end;
      begin
        perform partner_program.post(
          keys => array['withdrawal:' || new.id || ':' || case when waits then 'hold' when paid then 'payout' else 'return' end],
          kinds => array[kind],
          occurred => array[coalesce(new.settled_at, new.requested_at)],
          actors => array[coalesce(new.settled_by, 'partner:' || holder)],
          reasons => array[coalesce(new.reason, new.reference)],
          positions => case when paid then array[1, 1, 1, 1] else array[1, 1] end,
          partners => case when paid then array[holder, holder, holder, null] else array[holder, holder] end,
          accounts => case when waits then array['available', 'held']
                           when paid then array['held', 'available', 'available', 'payouts']
                           else array['held', 'available'] end,
          currencies => array_fill(new.currency, array[case when paid then 4 else 2 end]),
          entry_kinds => case when paid then array['holdReturn', 'holdReturn', 'payout', 'payout'] else array[kind, kind] end,
          amounts => case when paid then array[-amount, amount, -amount, amount] else array[-amount, amount] end,
          contracts => '{}', levels => '{}');
        return null;
      end $$;
      create trigger withdrawal_held after insert on partner_program.withdrawal
        for each row execute function partner_program.withdrawal_moves_money();
      create trigger withdrawal_paid_or_returned after update of status on partner_program.withdrawal
        for each row when (old.status <> new.status) execute function partner_program.withdrawal_moves_money();

      -- The mails may wait until workers look by themselves: a NOTIFY would have requests commit one after the other.
      create function partner_program.withdrawal_announced() returns trigger
        language plpgsql as $$
      begin
        insert into partner_program.job (key, kind, payload)
        values ('withdrawalRequested:' || new.id, 'withdrawalRequested', jsonb_build_object('withdrawalId', new.id));
        return null;
      end $$;
      create trigger withdrawal_announced after insert on partner_program.withdrawal
        for each row execute function partner_program.withdrawal_announced();

      -- Whether a version that asks for acceptance was published since the partner last accepted one.
      create function partner_program.owes_acceptance(partner uuid) returns boolean
        language sql stable as $$
        select exists (
          select 1 from partner_program.terms_version required
           where required.published_at is not null and required.require_acceptance
             and not exists (
               select 1 from partner_program.terms_acceptance a
                 join partner_program.terms_version accepted on accepted.id = a.terms_version_id
                where a.partner_id = partner and accepted.published_at >= required.published_at))
      $$;

      -- Planned while the ledger is small, and the plans are kept: they must not read the whole ledger once it has grown.
      alter function partner_program.transaction_balances set enable_seqscan = off;
      create or replace function partner_program.entries_belong_together() returns trigger
        language plpgsql as $$
      declare
        current_xact constant bigint := pg_current_xact_id()::text::bigint;
      begin
        if exists (select 1 from (select distinct transaction_id as id from added offset 0) into_these
                    cross join lateral (select t.xact from partner_program.transaction t
                                         where t.id = into_these.id offset 0) found
                    where found.xact <> current_xact) then
          raise exception 'a committed transaction takes no further entries' using errcode = '23001';
        end if;
        return null;
      end $$;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter function partner_program.transaction_balances reset enable_seqscan;
      drop function partner_program.owes_acceptance;
      drop function partner_program.withdrawal_announced() cascade;
      drop function partner_program.withdrawal_moves_money() cascade;
      create function partner_program.withdrawal_posted() returns trigger
        language plpgsql as $$
      declare
        step constant text := case new.status when 'pending' then 'hold' when 'paid' then 'payout' else 'return' end;
      begin
        if not exists (select 1 from partner_program.transaction t
                        where t.key = 'withdrawal:' || new.id || ':' || step) then
          raise exception 'withdrawal % is % without a posting', new.id, new.status
            using errcode = '23514', constraint = 'withdrawal_posted';
        end if;
        return null;
      end $$;
      create constraint trigger withdrawal_posted after insert or update on partner_program.withdrawal
        deferrable initially deferred for each row execute function partner_program.withdrawal_posted();
    `);
  }
}
