import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money that leaves: withdrawals, and where they are paid to. */
export class Redemptions1764547200008 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      insert into partner_program.account_kind (kind, holder_kind, keeps_balance)
        values ('held', 'partner', true), ('payouts', 'program', false)
        on conflict do nothing;
      insert into partner_program.posting_kind (kind) values ('hold'), ('holdReturn'), ('payout') on conflict do nothing;

      -- payout_account is what the partner had given when asking: a later change redirects nothing.
      create table partner_program.withdrawal (
        id uuid not null,
        partner_id uuid not null,
        amount_minor bigint not null,
        currency text not null,
        status text not null default 'pending',
        note text,
        payout_account jsonb,
        requested_at timestamptz(3) not null default partner_program.now_ms(),
        settled_at timestamptz(3),
        settled_by text,
        settled_by_name text,
        reason text,
        reference text,
        constraint withdrawal_pkey primary key (id),
        constraint withdrawal_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint withdrawal_amount check (amount_minor between 1 and 1000000000000),
        constraint withdrawal_status_known check (status in ('pending', 'paid', 'rejected', 'cancelled')),
        constraint withdrawal_note_length check (length(note) <= 500),
        constraint withdrawal_settled check
          (num_nonnulls(settled_at, settled_by, settled_by_name) = case status when 'pending' then 0 else 3 end),
        constraint withdrawal_rejection_reasoned check
          ((status = 'rejected') = (reason is not null) and length(reason) between 3 and 500),
        constraint withdrawal_reference_of_payment check
          (reference is null or (status = 'paid' and length(reference) <= 200))
      );

      create unique index withdrawal_one_open_per_partner on partner_program.withdrawal (partner_id)
        where status = 'pending';
      create index withdrawal_by_time on partner_program.withdrawal (requested_at, id);
      create index withdrawal_reference on partner_program.withdrawal (lower(reference) text_pattern_ops)
        where reference is not null;
      create index withdrawal_by_partner on partner_program.withdrawal (partner_id, requested_at, id);
      -- One state of the queue is read without the others.
      create index withdrawal_by_status on partner_program.withdrawal (status, requested_at, id);

      -- A settled withdrawal never changes, but once its partner has left, what the partner wrote into it may go.
      create function partner_program.withdrawal_final() returns trigger
        language plpgsql as $$
      declare
        settlement constant text[] :=
          array['status', 'settled_at', 'settled_by', 'settled_by_name', 'reason', 'reference'];
        personal constant text[] := array['note', 'payout_account'];
        -- An account that was given later may be taken over, once.
        directs constant boolean := old.status = 'pending' and old.payout_account is null
          and to_jsonb(new) - 'payout_account' is not distinct from to_jsonb(old) - 'payout_account';
        settles constant boolean := old.status = 'pending'
          and to_jsonb(new) - settlement is not distinct from to_jsonb(old) - settlement;
        forgets constant boolean := old.status <> 'pending'
          and to_jsonb(new) - personal is not distinct from to_jsonb(old) - personal
          and (new.note is null or new.note is not distinct from old.note)
          and (new.payout_account is null
               or new.payout_account in (old.payout_account, old.payout_account || '{"holder": ""}'))
          and exists (select from partner_program.partner where id = old.partner_id and status = 'left');
      begin
        if not settles and not directs and not forgets then
          raise exception 'a withdrawal is settled once and otherwise never changed' using errcode = '23001';
        end if;
        return new;
      end $$;
      create trigger withdrawal_final before update on partner_program.withdrawal
        for each row execute function partner_program.withdrawal_final();
      create trigger withdrawal_kept before delete on partner_program.withdrawal
        for each row execute function partner_program.refuse_change();
      create trigger withdrawal_not_emptied before truncate on partner_program.withdrawal
        for each statement execute function partner_program.refuse_change();

      -- No state without its posting: at commit the ledger holds the amount, has paid it or has given it back.
      create function partner_program.withdrawal_posted() returns trigger
        language plpgsql as $$
      declare
        step constant text := case new.status when 'pending' then 'hold' when 'paid' then 'payout' else 'return' end;
      begin
        if not exists (select from partner_program.transaction t where t.key = 'withdrawal:' || new.id || ':' || step) then
          raise exception 'withdrawal % is % without a posting', new.id, new.status
            using errcode = '23514', constraint = 'withdrawal_posted';
        end if;
        return null;
      end $$;
      create constraint trigger withdrawal_posted after insert or update of status on partner_program.withdrawal
        deferrable initially deferred for each row execute function partner_program.withdrawal_posted();

      -- Which requests a file for the bank held, so that no second one pays them again.
      create table partner_program.payment_file_entry (
        withdrawal_id uuid not null,
        message_id text not null,
        format text not null,
        written_at timestamptz(3) not null default partner_program.now_ms(),
        written_by text not null,
        written_by_name text not null,
        constraint payment_file_entry_pkey primary key (withdrawal_id, message_id, format),
        constraint payment_file_entry_format_known check (format in ('csv', 'pain001')),
        constraint payment_file_entry_withdrawal_fkey foreign key (withdrawal_id) references partner_program.withdrawal (id)
      );
      create trigger payment_file_entry_kept before update or delete on partner_program.payment_file_entry
        for each row execute function partner_program.refuse_change();

      -- Where a partner's withdrawals are paid to, in time: a changed account counts three days after the change.
      create table partner_program.payout_account (
        id bigint generated always as identity,
        partner_id uuid not null,
        kind text not null,
        value text not null,
        pix_kind text,
        holder text not null,
        changed_at timestamptz(3) not null default partner_program.now_ms(),
        valid tstzrange not null,
        constraint payout_account_pkey primary key (id),
        constraint payout_account_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint payout_account_kind_known check (kind in ('iban', 'pix')),
        constraint payout_account_pix_kind check (case kind
          when 'pix' then pix_kind is not null and pix_kind in ('cpf', 'cnpj', 'email', 'phone', 'random')
          else pix_kind is null end),
        constraint payout_account_not_empty check (not isempty(valid)),
        constraint payout_account_one_at_a_time exclude using gist (partner_id with =, valid with &&)
      );

      -- A stolen session must not lead money elsewhere at once: an account that follows another counts in 72 hours.
      create function partner_program.payout_account_waits() returns trigger
        language plpgsql as $$
      begin
        if lower(new.valid) < new.changed_at + interval '72 hours'
           and exists (select from partner_program.payout_account a
                        where a.partner_id = new.partner_id and lower(a.valid) <= new.changed_at)
        then
          raise exception 'a changed payout account counts in 72 hours' using errcode = '23514';
        end if;
        return new;
      end $$;
      create trigger payout_account_waits before insert on partner_program.payout_account
        for each row execute function partner_program.payout_account_waits();

      create function partner_program.payout_account_kept() returns trigger
        language plpgsql as $$
      begin
        if to_jsonb(new) - 'valid' is distinct from to_jsonb(old) - 'valid'
           or lower(new.valid) is distinct from lower(old.valid)
        then
          raise exception 'a payout account is followed by another one and never changed' using errcode = '23001';
        end if;
        return new;
      end $$;
      create trigger payout_account_kept before update on partner_program.payout_account
        for each row execute function partner_program.payout_account_kept();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.payout_account;
      drop function partner_program.payout_account_kept();
      drop function partner_program.payout_account_waits();
      drop table partner_program.payment_file_entry;
      drop table partner_program.withdrawal;
      drop function partner_program.withdrawal_posted();
      drop function partner_program.withdrawal_final();
    `);
  }
}
