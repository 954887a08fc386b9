import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The double-entry ledger. `post` is the only way in: the application's role may read these tables and call it, and
 * nothing else.
 */
export class Ledger1764547200003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- Whose accounts there are, and which. The kinds are rows that every room adds in its own foundation, an optional
      -- module too; they stand in the books for ever, so no row of them changes.
      create table partner_program.holder_kind (
        kind text not null,
        constraint holder_kind_pkey primary key (kind)
      );

      -- A partner is a holder with the same id. The program is the nil UUID.
      create table partner_program.holder (
        id uuid not null,
        kind text not null,
        constraint holder_pkey primary key (id),
        constraint holder_key unique (id, kind),
        constraint holder_kind_fkey foreign key (kind) references partner_program.holder_kind (kind)
      );

      -- What every posting touches would be a queue if it kept its balance: the program's own accounts are summed when asked.
      create table partner_program.account_kind (
        kind text not null,
        holder_kind text not null,
        keeps_balance boolean not null,
        constraint account_kind_pkey primary key (kind, holder_kind),
        constraint account_kind_key unique (kind, holder_kind, keeps_balance),
        constraint account_kind_holder_kind_fkey foreign key (holder_kind) references partner_program.holder_kind (kind)
      );

      create table partner_program.posting_kind (
        kind text not null,
        may_overdraw boolean not null default false,
        needs_reason boolean not null default false,
        constraint posting_kind_pkey primary key (kind),
        constraint posting_kind_key unique (kind, may_overdraw)
      );

      insert into partner_program.holder_kind (kind) values ('partner'), ('program');
      insert into partner_program.holder (id, kind) values ('00000000-0000-0000-0000-000000000000', 'program');
      insert into partner_program.account_kind (kind, holder_kind, keeps_balance)
        values ('available', 'partner', true), ('adjustments', 'program', false);
      insert into partner_program.posting_kind (kind, may_overdraw, needs_reason)
        values ('adjustment', false, true), ('reversal', true, false);

      create trigger holder_kind_kept before update or delete on partner_program.holder_kind
        for each row execute function partner_program.refuse_change();
      create trigger holder_kept before update or delete on partner_program.holder
        for each row execute function partner_program.refuse_change();
      create trigger account_kind_kept before update or delete on partner_program.account_kind
        for each row execute function partner_program.refuse_change();
      create trigger posting_kind_kept before update or delete on partner_program.posting_kind
        for each row execute function partner_program.refuse_change();

      -- Every posting changes a balance: the fill factor leaves room beside each row, so that no index has to follow.
      create table partner_program.account (
        id bigint generated always as identity,
        holder_id uuid not null,
        holder_kind text not null,
        kind text not null,
        keeps_balance boolean not null,
        currency text not null,
        balance_minor bigint,
        version bigint,
        constraint account_pkey primary key (id),
        constraint account_key unique (holder_id, kind, currency),
        constraint account_currency_key unique (id, currency),
        constraint account_holder_fkey foreign key (holder_id, holder_kind) references partner_program.holder (id, kind),
        constraint account_kind_fkey foreign key (kind, holder_kind, keeps_balance)
          references partner_program.account_kind (kind, holder_kind, keeps_balance),
        constraint account_currency_form check (currency ~ '^[A-Z][A-Z0-9_]{1,11}$'),
        constraint account_cached_balance check
          ((balance_minor is not null) = keeps_balance and (version is not null) = keeps_balance)
      ) with (fillfactor = 70);

      create trigger account_kept before delete on partner_program.account
        for each row execute function partner_program.refuse_change();

      -- What was counted in a unit would be read ten times as much or as little. Accounts that are being opened are waited for.
      create function partner_program.keep_digits() returns trigger
        language plpgsql security definer set search_path = pg_catalog, partner_program as $$
      begin
        lock table account in share row exclusive mode;
        if exists (select from partner_program.account where currency = old.code) then
          raise exception 'accounts count in %: its digits stay', old.code
            using errcode = '23001', constraint = 'unit_digits_kept';
        end if;
        return new;
      end $$;
      create trigger unit_digits_kept before update of digits on partner_program.unit
        for each row when (new.digits is distinct from old.digits) execute function partner_program.keep_digits();

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
        constraint transaction_key unique (key)
      );

      -- Positive is credit to the holder. balance_after and account_version exist where the account keeps a balance.
      -- overdraws is true where the entry takes the account below zero and null elsewhere, so that the foreign key to the
      -- kinds that may do so costs ordinary entries nothing.
      create table partner_program.entry (
        transaction_id bigint not null,
        line integer not null,
        account_id bigint not null,
        currency text not null,
        kind text not null,
        amount_minor bigint not null,
        balance_after_minor bigint,
        account_version bigint,
        overdraws boolean,
        contract_id text,
        level integer,
        recorded_at timestamptz(3) not null,
        constraint entry_pkey primary key (transaction_id, line),
        constraint entry_account_version_key unique (account_id, account_version),
        constraint entry_transaction_fkey foreign key (transaction_id) references partner_program.transaction (id),
        constraint entry_account_fkey foreign key (account_id, currency) references partner_program.account (id, currency),
        constraint entry_overdraft_fkey foreign key (kind, overdraws)
          references partner_program.posting_kind (kind, may_overdraw),
        constraint entry_amount_not_zero check (amount_minor <> 0),
        constraint entry_overdraws_or_null check (overdraws),
        constraint entry_not_overdrawn check
          (coalesce(balance_after_minor, 0) >= 0 or amount_minor > 0 or overdraws is not null)
      );

      create index entry_payout on partner_program.entry (account_id) where kind = 'payout';
      -- Entries lie in the order of time: a few bytes for every hundred pages find a month.
      create index entry_recorded on partner_program.entry using brin (recorded_at);

      create function partner_program.transaction_balances() returns trigger
        language plpgsql set enable_seqscan = off as $$
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

      -- Nothing is added to a transaction once it is committed, and its kinds are known. A foreign key to posting_kind
      -- would hold the second as well, but every posting would lock the same row of it.
      create function partner_program.entries_belong_together() returns trigger
        language plpgsql as $$
      declare
        current_xact constant bigint := pg_current_xact_id()::text::bigint;
        wrong record;
      begin
        select t.key, t.xact <> current_xact as late,
               known.needs_reason and (length(t.reason) between 10 and 500) is not true as unreasoned
          into wrong
          from (select distinct transaction_id as id, kind from added offset 0) e
         cross join lateral (select * from partner_program.transaction t where t.id = e.id offset 0) t
          left join partner_program.posting_kind known on known.kind = t.kind
         where t.xact <> current_xact or known.kind is null
            or known.needs_reason and (length(t.reason) between 10 and 500) is not true
            or e.kind <> t.kind and not exists (select from partner_program.posting_kind k where k.kind = e.kind)
         limit 1;
        if not found then
          return null;
        elsif wrong.late then
          raise exception 'a committed transaction takes no further entries' using errcode = '23001';
        elsif wrong.unreasoned then
          raise exception 'transaction % has no reason of 10 to 500 characters', wrong.key
            using errcode = '23514', constraint = 'transaction_reasoned';
        end if;
        raise exception 'transaction % or an entry of it is of no kind of posting', wrong.key
          using errcode = '23503', constraint = 'posting_kind_known';
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

      create domain partner_program.moved_minor as bigint
        constraint moved_minor_bounds check (value between 1 and 1000000000000);

      -- What is to be posted: [{key, kind, occurredAt, postedBy, reason, moves: [{from, fromKind, to, toKind, amountMinor,
      -- currency, kind, contractId, level}]}], where from and to are holders, and fromKind and toKind kinds of accounts of
      -- theirs. A move is of the posting's kind unless it names another. Here each is taken apart into its two sides: off one
      -- account, and then onto another.
      create function partner_program.sides_of(postings jsonb) returns table (
        posting bigint, posting_kind text, n bigint, holder_id uuid, account_kind text, currency text, kind text,
        amount_minor bigint, contract_id text, level integer)
        language sql stable as $$
        select p.ordinality, p.kind, 2 * m.ordinality - side.before, side.holder, side.account_kind, m.currency,
               coalesce(m.kind, p.kind), side.amount_minor, m."contractId", m.level
          from rows from (jsonb_to_recordset(postings) as (kind text, moves jsonb)) with ordinality as p
         cross join lateral rows from (jsonb_to_recordset(p.moves) as (
                 "from" uuid, "fromKind" text, "to" uuid, "toKind" text, "amountMinor" partner_program.moved_minor,
                 currency text, kind text, "contractId" text, level integer)) with ordinality as m
         cross join lateral (values
                 (1, m."from", m."fromKind", -m."amountMinor"), (0, m."to", m."toKind", m."amountMinor"))
                 as side (before, holder, account_kind, amount_minor)
      $$;

      create type partner_program.leg as (
        transaction_id bigint, transaction_kind text, n bigint, account_id bigint, kind text, amount_minor bigint,
        contract_id text, level integer
      );

      -- Posts transactions, each once under its key, opening accounts as needed and locking them in one order. Answers a
      -- transaction id per posting; null where the key was posted before and nothing happened.
      create function partner_program.post(postings jsonb) returns bigint[]
        language plpgsql security definer
        set search_path = pg_catalog, partner_program
        set enable_seqscan = off -- plans are made while the tables are small, and kept
        -- For a posting of a few entries PostgreSQL holds a plan for just these to be cheaper than one for any number,
        -- and plans every statement of it anew at every call.
        set plan_cache_mode = force_generic_plan
        as $$
      #variable_conflict use_column
      declare
        posted_at timestamptz;
        ids bigint[];
        legs leg[];
        account_ids bigint[];
      begin
        with asked as (
          select p.*, row_number() over (partition by p.key order by p.ordinality) as repetition
            from rows from (jsonb_to_recordset(postings) as
                   (key text, kind text, "occurredAt" timestamptz, "postedBy" text, reason text)) with ordinality as p
        ), added as (
          insert into transaction (key, kind, occurred_at, posted_by, reason)
          select key, kind, "occurredAt", "postedBy", reason from asked order by ordinality
          on conflict (key) do nothing
          returning id, key
        )
        select array_agg(added.id order by asked.ordinality) into ids
          from asked left join added on added.key = asked.key and asked.repetition = 1;

        -- A second time when an account is posted to for the first time: it is opened in between.
        loop
          select array_agg((ids[s.posting], s.posting_kind, s.n, a.id, s.kind, s.amount_minor, s.contract_id, s.level)::leg),
                 array_agg(a.id) into legs, account_ids
            from sides_of(postings) s
            -- Account by account: PostgreSQL expects more moves than there are, and would rather read all accounts.
            left join lateral (select a.id from account a where a.holder_id = s.holder_id and a.kind = s.account_kind
                                  and a.currency = s.currency limit 1) a on true
           where ids[s.posting] is not null;
          exit when array_position(account_ids, null) is null;
          insert into account (holder_id, holder_kind, kind, keeps_balance, currency, balance_minor, version)
          select distinct s.holder_id, h.kind, s.account_kind, k.keeps_balance, s.currency,
                 case when k.keeps_balance then 0 end, case when k.keeps_balance then 0 end
            from sides_of(postings) s
            left join holder h on h.id = s.holder_id
            left join account_kind k on k.kind = s.account_kind and k.holder_kind = h.kind
           where ids[s.posting] is not null order by s.holder_id, s.account_kind, s.currency
          on conflict on constraint account_key do nothing;
        end loop;

        -- Locked first, read by the next statement, so that no balance is older than its lock.
        perform from account where id = any (account_ids) and keeps_balance order by id for no key update;
        -- Taken under the locks, so that the times of an account's entries rise with their versions.
        posted_at := partner_program.now_ms();

        with step as (
          -- Every side of a move is an entry where a balance is kept; elsewhere all of a transaction are one, behind the others.
          select l.transaction_id, min(l.n) as n, a.id as account_id, a.currency, a.keeps_balance, a.balance_minor, a.version,
                 case when a.keeps_balance then min(l.kind) else min(l.transaction_kind) end as kind,
                 sum(l.amount_minor)::bigint as amount_minor,
                 case when min(l.contract_id) = max(l.contract_id) then min(l.contract_id) end as contract_id,
                 case when a.keeps_balance then min(l.level) end as level
            from unnest(legs) l join account a on a.id = l.account_id
           group by l.transaction_id, a.id, case when a.keeps_balance then l.n end
          having sum(l.amount_minor) <> 0
        ), counted as (
          select step.*, row_number() over (partition by transaction_id order by keeps_balance desc, n) as line,
                 balance_minor + sum(amount_minor) over account as balance_after_minor,
                 version + row_number() over account as account_version
            from step window account as (partition by account_id order by transaction_id, n)
        ), written as (
          insert into entry (transaction_id, line, account_id, currency, kind, amount_minor, balance_after_minor,
                             account_version, overdraws, contract_id, level, recorded_at)
          select transaction_id, line, account_id, currency, kind, amount_minor, balance_after_minor, account_version,
                 case when balance_after_minor < 0 and amount_minor < 0
                   then (select true from posting_kind k where k.kind = counted.kind and k.may_overdraw) end,
                 contract_id, level, posted_at
            from counted
          returning account_id, amount_minor, account_version
        )
        update account a set balance_minor = a.balance_minor + change.total, version = a.version + change.entries
          from (select account_id, sum(amount_minor) as total, count(*) as entries
                  from written where account_version is not null group by account_id) change
         where a.id = change.account_id;
        return ids;
      end $$;
      revoke execute on function partner_program.post from public;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function partner_program.post;
      drop type partner_program.leg;
      drop function partner_program.sides_of(jsonb);
      drop domain partner_program.moved_minor;
      drop table partner_program.entry;
      drop table partner_program.transaction;
      drop table partner_program.account;
      drop function partner_program.keep_digits() cascade;
      drop table partner_program.posting_kind;
      drop table partner_program.account_kind;
      drop table partner_program.holder;
      drop table partner_program.holder_kind;
      drop function partner_program.entries_belong_together();
      drop function partner_program.transaction_balances();
    `);
  }
}
