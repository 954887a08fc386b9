import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Leaving the program: since when somebody is a former partner, and what may then be forgotten. */
export class Departures1763741860000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table partner_program.partner add left_at timestamptz(3), add erased_at timestamptz(3), add client_id text;
      update partner_program.partner set left_at = partner_program.now_ms() where status = 'left';
      alter table partner_program.partner
        add constraint partner_client_key unique (client_id),
        add constraint partner_left_since check ((status = 'left') = (left_at is not null)),
        -- The row stays, because the tree, the ledger and every calculation name its id; the person does not.
        add constraint partner_erased_is_nobody check (erased_at is null or (status = 'left' and first_name = ''
          and last_name = '' and email = '' and phone is null and locale is null and client_id is null));
      create index partner_to_erase on partner_program.partner (left_at) where status = 'left' and erased_at is null;
      create index partner_unconfirmed on partner_program.partner (joined_at)
        where email_confirmed_at is null and user_id is null and status <> 'left';

      -- An acceptance is kept for ever; from where it was given may be forgotten once its partner has left.
      create function partner_program.only_forget_address() returns trigger
        language plpgsql as $$
      begin
        if to_jsonb(new) - 'ip' is distinct from to_jsonb(old) - 'ip' or new.ip is not null
           or not exists (select from partner_program.partner where id = old.partner_id and status = 'left')
        then
          raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = '23001';
        end if;
        return new;
      end $$;
      drop trigger terms_acceptance_kept on partner_program.terms_acceptance;
      create trigger terms_acceptance_kept before delete on partner_program.terms_acceptance
        for each row execute function partner_program.refuse_change();
      create trigger terms_acceptance_forgets before update on partner_program.terms_acceptance
        for each row execute function partner_program.only_forget_address();

      -- A settled withdrawal never changes, but once its partner has left, what the partner wrote into it may go.
      create or replace function partner_program.withdrawal_final() returns trigger
        language plpgsql as $$
      declare
        settlement constant text[] :=
          array['status', 'settled_at', 'settled_by', 'settled_by_name', 'reason', 'reference'];
        personal constant text[] := array['note', 'payout_account'];
        settles constant boolean := old.status = 'pending'
          and to_jsonb(new) - settlement is not distinct from to_jsonb(old) - settlement;
        forgets constant boolean := old.status <> 'pending'
          and to_jsonb(new) - personal is not distinct from to_jsonb(old) - personal
          and (new.note is null or new.note is not distinct from old.note)
          and (new.payout_account is null
               or new.payout_account in (old.payout_account, old.payout_account || '{"holder": ""}'))
          and exists (select from partner_program.partner where id = old.partner_id and status = 'left');
      begin
        if not settles and not forgets then
          raise exception 'a withdrawal is settled once and otherwise never changed' using errcode = '23001';
        end if;
        return new;
      end $$;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      create or replace function partner_program.withdrawal_final() returns trigger
        language plpgsql as $$
      declare
        settlement constant text[] :=
          array['status', 'settled_at', 'settled_by', 'settled_by_name', 'reason', 'reference'];
      begin
        if old.status <> 'pending' or to_jsonb(new) - settlement is distinct from to_jsonb(old) - settlement then
          raise exception 'a withdrawal is settled once and otherwise never changed' using errcode = '23001';
        end if;
        return new;
      end $$;
      drop trigger terms_acceptance_forgets on partner_program.terms_acceptance;
      drop trigger terms_acceptance_kept on partner_program.terms_acceptance;
      create trigger terms_acceptance_kept before update or delete on partner_program.terms_acceptance
        for each row execute function partner_program.refuse_change();
      drop function partner_program.only_forget_address();
      alter table partner_program.partner drop client_id, drop erased_at, drop left_at;
    `);
  }
}
