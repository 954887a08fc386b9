import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Seals over the ledger, which show any change that somebody made round its guards. */
export class Seals1764547200016 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- A ledger transaction has its number in the database's own order before it has an id: so whoever sees no
      -- transaction running that began before a moment knows all ids given out until then.
      create function partner_program.number_transaction() returns trigger
        language plpgsql as $$
      begin
        perform pg_current_xact_id();
        return null;
      end $$;
      create trigger transaction_numbered before insert on partner_program.transaction
        for each statement execute function partner_program.number_transaction();

      -- Each seal covers some transactions and, by the hash before it, all seals before it. digests holds 32 bytes for
      -- each of transaction_ids. began_before is the first number of the database's own order that was not given out
      -- then: transactions with a lower id than upto_id, the highest sealed so far, have a lower number. When all those
      -- numbers have ended and a later seal leaves nothing out, that one calls these ids settled: up to settled_id
      -- everything that will ever be committed is sealed.
      create table partner_program.seal (
        number bigint not null,
        transaction_ids bigint[] not null,
        digests bytea not null,
        previous_hash bytea not null,
        hash bytea not null,
        upto_id bigint not null,
        settled_id bigint not null,
        began_before bigint not null,
        sealed_at timestamptz(3) not null default partner_program.now_ms(),
        constraint seal_pkey primary key (number),
        constraint seal_number_positive check (number >= 1),
        constraint seal_not_empty check (cardinality(transaction_ids) >= 1),
        constraint seal_digests_match check (octet_length(digests) = 32 * cardinality(transaction_ids)),
        constraint seal_hash_true check (hash = sha256(previous_hash || digests))
      );

      create trigger seal_kept before update or delete on partner_program.seal
        for each row execute function partner_program.refuse_change();
      create trigger seal_not_emptied before truncate on partner_program.seal
        for each statement execute function partner_program.refuse_change();

      -- What a transaction and all its entries say, down to whose money it was. Times are milliseconds, so that no
      -- setting of a session changes the text.
      create function partner_program.transaction_digests(ids bigint[]) returns table (transaction_id bigint, digest bytea)
        language sql stable as $$
        select t.id, sha256(convert_to(jsonb_build_array(
                 t.id, t.key, t.kind, (extract(epoch from t.occurred_at) * 1000)::bigint,
                 (extract(epoch from t.recorded_at) * 1000)::bigint, t.posted_by, t.reason,
                 jsonb_agg(jsonb_build_array(e.line, e.account_id, a.holder_id, a.kind, e.currency, e.kind, e.amount_minor,
                   e.balance_after_minor, e.account_version, e.contract_id, e.level,
                   (extract(epoch from e.recorded_at) * 1000)::bigint) order by e.line))::text, 'UTF8'))
          from partner_program.transaction t
          left join partner_program.entry e on e.transaction_id = t.id
          left join partner_program.account a on a.id = e.account_id
         where t.id = any (ids)
         group by t.id
      $$;

      -- Committed transactions that no seal covers. They commit in another order than that of their ids.
      create function partner_program.unsealed_transactions() returns table (transaction_id bigint)
        language sql stable as $$
        with settled as materialized (
          select coalesce(max(settled_id), 0) as id from partner_program.seal
           where number = (select max(number) from partner_program.seal)
        ), since as materialized (
          select unnest(s.transaction_ids) as id from partner_program.seal s where s.upto_id > (select id from settled)
        )
        select t.id from partner_program.transaction t
         where t.id > (select id from settled) and not exists (select from since where since.id = t.id)
      $$;

      -- Seals what is committed and not yet sealed, the lowest ids first, at most so many. Answers how many.
      create function partner_program.seal_transactions(most integer) returns integer
        language plpgsql security definer set search_path = pg_catalog, partner_program as $$
      #variable_conflict use_column
      declare
        sealed integer;
      begin
        with chosen as materialized (
          select transaction_id, row_number() over (order by transaction_id) as n
            from partner_program.unsealed_transactions() order by transaction_id limit most + 1
        ), digested as materialized (
          select array_agg(d.transaction_id order by d.transaction_id) as ids,
                 string_agg(d.digest, null order by d.transaction_id) as digests, max(d.transaction_id) as upto_id
            from partner_program.transaction_digests(array(select transaction_id from chosen where n <= most)) d
        ), before as (
          select number, hash, upto_id, settled_id from seal order by number desc limit 1
        )
        insert into seal (number, transaction_ids, digests, previous_hash, hash, upto_id, settled_id, began_before)
        select coalesce(before.number, 0) + 1, ids, digests, coalesce(before.hash, '\\x'),
               sha256(coalesce(before.hash, '\\x') || digests), greatest(before.upto_id, digested.upto_id),
               greatest(before.settled_id, 0, case when (select count(*) from chosen) <= most then (
                 select max(s.upto_id) from seal s
                  where s.began_before <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint) end),
               pg_snapshot_xmax(pg_current_snapshot())::text::bigint
          from digested left join before on true where ids is not null
        returning cardinality(transaction_ids) into sealed;
        return coalesce(sealed, 0);
      end $$;
      revoke execute on function partner_program.seal_transactions from public;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function partner_program.seal_transactions(integer);
      drop function partner_program.unsealed_transactions();
      drop function partner_program.transaction_digests(bigint[]);
      drop table partner_program.seal;
      drop function partner_program.number_transaction() cascade;
    `);
  }
}
