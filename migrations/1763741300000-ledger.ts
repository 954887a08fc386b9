import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The double-entry ledger. `post` is the only way in: the application's role may read these tables and
 * call it, and nothing else.
 */
export class Ledger1763741300000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- The program's own accounts carry no cached balance: they are summed when asked.
      create table partner_program.account (
        id bigint generated always as identity,
        partner_id uuid,
        holder uuid generated always as (coalesce(partner_id, '00000000-0000-0000-0000-000000000000'::uuid)) stored,
        kind text not null,
        currency text not null,
        balance_minor bigint,
        version bigint,
        constraint account_pkey primary key (id),
        constraint account_key unique (holder, kind, currency),
        constraint account_currency_key unique (id, currency),
        constraint account_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint account_kind_known check (case when partner_id is null
          then kind in ('commissions', 'payouts', 'adjustments') else kind in ('available', 'pending', 'held') end),
        constraint account_currency_form check (currency ~ '^[A-Z][A-Z0-9_]{1,11}$'),
        constraint account_cached_balance check
          ((balance_minor is null) = (partner_id is null) and (version is null) = (partner_id is null))
      );

      create table partner_program.transaction (
        id bigint generated always as identity,
        key text not null,
        kind text not null,
        occurred_at timestamptz(3) not null,
        recorded_at timestamptz(3) not null default partner_program.now_ms(),
        posted_by text not null,
        reason text,
        xact bigint not null default pg_current_xact_id()::text::bigint,
        constraint transaction_pkey primary key (id),
        constraint transaction_key unique (key),
        constraint transaction_kind_known
          check (kind in ('commission', 'reversal', 'release', 'adjustment', 'hold', 'holdReturn', 'payout')),
        constraint transaction_adjustment_reasoned check (kind <> 'adjustment' or length(reason) between 10 and 500)
      );

      -- Positive is credit to the holder. balance_after and account_version exist where the account caches them.
      create table partner_program.entry (
        transaction_id bigint not null,
        line integer not null,
        account_id bigint not null,
        currency text not null,
        kind text not null,
        amount_minor bigint not null,
        balance_after_minor bigint,
        account_version bigint,
        contract_id text,
        level integer,
        recorded_at timestamptz(3) not null,
        constraint entry_pkey primary key (transaction_id, line),
        constraint entry_account_version_key unique (account_id, account_version),
        constraint entry_transaction_fkey foreign key (transaction_id) references partner_program.transaction (id),
        constraint entry_account_fkey foreign key (account_id, currency) references partner_program.account (id, currency),
        constraint entry_amount_not_zero check (amount_minor <> 0),
        constraint entry_overdraft_by_reversal_only check (balance_after_minor >= 0 or amount_minor > 0 or kind = 'reversal')
      );

      create index entry_payout on partner_program.entry (account_id) where kind = 'payout';

      create function partner_program.transaction_balances() returns trigger
        language plpgsql as $$
      declare
        entries integer;
        unbalanced text;
      begin
        select sum(n), min(currency) filter (where total <> 0) into entries, unbalanced
          from (select currency, count(*) as n, sum(amount_minor) as total
                  from partner_program.entry where transaction_id = new.id group by currency) per_currency;
        if coalesce(entries, 0) < 2 or unbalanced is not null then
          raise exception 'transaction % does not balance in %', new.key, coalesce(unbalanced, 'any currency')
            using errcode = '23514', constraint = 'transaction_balanced';
        end if;
        return null;
      end $$;
      create constraint trigger transaction_balanced after insert on partner_program.transaction
        deferrable initially deferred for each row execute function partner_program.transaction_balances();

      -- Nothing is added to a transaction once it is committed.
      create function partner_program.entries_belong_together() returns trigger
        language plpgsql as $$
      declare
        current_xact constant bigint := pg_current_xact_id()::text::bigint;
      begin
        if exists (select 1 from (select distinct transaction_id as id from added offset 0) into_these
                     join partner_program.transaction t using (id)
                    where t.xact <> current_xact) then
          raise exception 'a committed transaction takes no further entries' using errcode = '23001';
        end if;
        return null;
      end $$;
      create trigger entry_in_its_transaction after insert on partner_program.entry
        referencing new table as added for each statement execute function partner_program.entries_belong_together();

      create trigger transaction_kept before update or delete on partner_program.transaction
        for each row execute function partner_program.refuse_change();
      create trigger transaction_not_emptied before truncate on partner_program.transaction
        for each statement execute function partner_program.refuse_change();
      create trigger entry_kept before update or delete on partner_program.entry
        for each row execute function partner_program.refuse_change();
      create trigger entry_not_emptied before truncate on partner_program.entry
        for each statement execute function partner_program.refuse_change();
      create trigger account_kept before delete on partner_program.account
        for each row execute function partner_program.refuse_change();

      -- Posts transactions with their entries, opening accounts as needed and locking them in one order.
      -- The first five arrays are transactions; the others are entries, which name theirs by position, from 1.
      -- Answers a transaction id per position; null where the key was posted before and nothing happened.
      create function partner_program.post(
        keys text[], kinds text[], occurred timestamptz[], actors text[], reasons text[],
        positions integer[], partners uuid[], accounts text[], currencies text[], entry_kinds text[],
        amounts bigint[], contracts text[], levels integer[]
      ) returns bigint[]
        language plpgsql security definer
        set search_path = pg_catalog, partner_program
        set enable_seqscan = off -- plans are made while the tables are small, and kept
        as $$
      #variable_conflict use_column
      declare
        nobody constant uuid := '00000000-0000-0000-0000-000000000000';
        posted_at timestamptz;
        ids bigint[];
        holders uuid[];
        account_ids bigint[];
      begin
        with added as (
          insert into transaction (key, kind, occurred_at, posted_by, reason)
          select t.key, t.kind, t.occurred_at, t.posted_by, t.reason
            from unnest(keys, kinds, occurred, actors, reasons) with ordinality
              as t (key, kind, occurred_at, posted_by, reason, position)
           order by t.position
          on conflict (key) do nothing
          returning id, key
        )
        select array_agg(added.id order by t.position) into ids
          from unnest(keys) with ordinality as t (key, position) left join added on added.key = t.key;

        select array_agg(coalesce(partner, nobody) order by n) into holders
          from unnest(partners) with ordinality as p (partner, n);

        insert into account (partner_id, kind, currency, balance_minor, version)
        select distinct nullif(e.holder, nobody), e.kind, e.currency,
               case when e.holder <> nobody then 0 end, case when e.holder <> nobody then 0 end
          from unnest(positions, holders, accounts, currencies) as e (position, holder, kind, currency)
         where ids[e.position] is not null
           and not exists (select 1 from account a
                            where a.holder = e.holder and a.kind = e.kind and a.currency = e.currency)
        on conflict on constraint account_key do nothing;

        select array_agg(a.id order by e.n) into account_ids
          from unnest(holders, accounts, currencies) with ordinality as e (holder, kind, currency, n)
          left join account a on a.holder = e.holder and a.kind = e.kind and a.currency = e.currency;

        -- Locked first, read by the next statement, so that no balance is older than its lock.
        perform from account where id = any (account_ids) and partner_id is not null order by id for no key update;
        -- Taken under the locks, so that the times of an account's entries rise with their versions.
        posted_at := partner_program.now_ms();

        insert into entry (transaction_id, line, account_id, currency, kind, amount_minor,
                           balance_after_minor, account_version, contract_id, level, recorded_at)
        select ids[e.position], row_number() over (partition by e.position order by e.n), e.account_id, e.currency,
               e.kind, e.amount_minor,
               a.balance_minor + sum(e.amount_minor) over (partition by e.account_id order by e.n),
               a.version + row_number() over (partition by e.account_id order by e.n),
               e.contract_id, e.level, posted_at
          from unnest(positions, account_ids, currencies, entry_kinds, amounts, contracts, levels) with ordinality
                 as e (position, account_id, currency, kind, amount_minor, contract_id, level, n)
          join account a on a.id = e.account_id
         where ids[e.position] is not null;

        update account a set balance_minor = a.balance_minor + change.total, version = a.version + change.entries
          from (select e.account_id, sum(e.amount_minor) as total, count(*) as entries
                  from unnest(positions, account_ids, amounts) as e (position, account_id, amount_minor)
                 where ids[e.position] is not null group by e.account_id) change
         where a.id = change.account_id and a.partner_id is not null;
        return ids;
      end $$;
      revoke execute on function partner_program.post from public;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function partner_program.post;
      drop table partner_program.entry;
      drop table partner_program.transaction;
      drop table partner_program.account;
      drop function partner_program.entries_belong_together();
      drop function partner_program.transaction_balances();
    `);
  }
}
