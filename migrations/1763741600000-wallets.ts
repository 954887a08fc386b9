import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money that leaves: withdrawals, where they are paid to, and which requests were answered already. */
export class Wallets1763741600000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
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
          ((status = 'rejected') = (reason is not null) and length(reason) between 10 and 500),
        constraint withdrawal_reference_of_payment check
          (reference is null or (status = 'paid' and length(reference) <= 200))
      );
      create unique index withdrawal_one_open_per_partner on partner_program.withdrawal (partner_id)
        where status = 'pending';
      create index withdrawal_by_time on partner_program.withdrawal (requested_at, id);
      create index withdrawal_by_partner on partner_program.withdrawal (partner_id, requested_at, id);

      -- A request is settled once, and only its settlement is ever written.
      create function partner_program.withdrawal_final() returns trigger
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
      create trigger withdrawal_final before update on partner_program.withdrawal
        for each row execute function partner_program.withdrawal_final();
      create trigger withdrawal_kept before delete on partner_program.withdrawal
        for each row execute function partner_program.refuse_change();
      create trigger withdrawal_not_emptied before truncate on partner_program.withdrawal
        for each statement execute function partner_program.refuse_change();

      -- No state without its posting: at commit the ledger holds, has paid or has given back the amount.
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

      create table partner_program.payout_account (
        partner_id uuid not null,
        kind text not null,
        value text not null,
        pix_kind text,
        holder text not null,
        changed_at timestamptz(3) not null default partner_program.now_ms(),
        constraint payout_account_pkey primary key (partner_id),
        constraint payout_account_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint payout_account_kind_known check (kind in ('iban', 'pix')),
        constraint payout_account_pix_kind check (case kind
          when 'pix' then pix_kind is not null and pix_kind in ('cpf', 'cnpj', 'email', 'phone', 'random')
          else pix_kind is null end)
      );

      -- The answer is text in JSON, kept as it was sent.
      create table partner_program.idempotency_key (
        actor text not null,
        route text not null,
        key text not null,
        body_hash text not null,
        answer json,
        created_at timestamptz(3) not null default partner_program.now_ms(),
        constraint idempotency_key_pkey primary key (actor, route, key)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.idempotency_key;
      drop table partner_program.payout_account;
      drop table partner_program.withdrawal;
      drop function partner_program.withdrawal_posted();
      drop function partner_program.withdrawal_final();
    `);
  }
}
