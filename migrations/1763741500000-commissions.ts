import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Plans and status actions in time, what the host told of its contracts, and what was calculated from it. */
export class Commissions1763741500000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table partner_program.status_action (
        id bigint generated always as identity,
        status text not null,
        action text not null,
        valid tstzrange not null,
        set_by text not null,
        constraint status_action_pkey primary key (id),
        constraint status_action_known check (action in ('accrue', 'reverse')),
        constraint status_action_not_empty check (not isempty(valid)),
        constraint status_action_one_at_a_time exclude using gist (status with =, valid with &&)
      );
      create trigger status_action_history before update on partner_program.status_action
        for each row execute function partner_program.only_close_range();
      create trigger status_action_kept before delete on partner_program.status_action
        for each row execute function partner_program.refuse_change();

      create table partner_program.plan (
        id uuid not null,
        name text not null,
        kind text not null,
        currency text not null,
        created_by text not null,
        created_at timestamptz(3) not null default partner_program.now_ms(),
        constraint plan_pkey primary key (id),
        constraint plan_name_key unique (name, currency, kind),
        constraint plan_kind_known check (kind in ('levels', 'differential'))
      );

      create table partner_program.plan_version (
        id uuid not null,
        plan_id uuid not null,
        number integer not null,
        compression text not null,
        holding_days integer not null,
        depth integer,
        cap_bps integer,
        products text[],
        contract_kinds text[],
        minimum_value_minor bigint,
        valid tstzrange,
        created_by text not null,
        created_at timestamptz(3) not null default partner_program.now_ms(),
        activated_by text,
        constraint plan_version_pkey primary key (id),
        constraint plan_version_number_key unique (plan_id, number),
        constraint plan_version_plan_fkey foreign key (plan_id) references partner_program.plan (id),
        constraint plan_version_compression_known check (compression in ('none', 'skipInactive')),
        constraint plan_version_holding check (holding_days between 0 and 3650),
        constraint plan_version_depth check (depth between 0 and 10000),
        constraint plan_version_cap check (cap_bps between 1 and 10000),
        constraint plan_version_minimum_value check (minimum_value_minor >= 0),
        constraint plan_version_activated check ((valid is null) = (activated_by is null)),
        constraint plan_version_not_empty check (not isempty(valid)),
        constraint plan_version_one_at_a_time exclude using gist (plan_id with =, valid with &&)
      );

      -- A level pays a rate of the base or a fixed amount.
      create table partner_program.plan_level (
        plan_version_id uuid not null,
        level integer not null,
        rate_bps integer,
        amount_minor bigint,
        constraint plan_level_pkey primary key (plan_version_id, level),
        constraint plan_level_version_fkey foreign key (plan_version_id) references partner_program.plan_version (id),
        constraint plan_level_range check (level between 0 and 10000),
        constraint plan_level_rate_or_amount check (num_nonnulls(rate_bps, amount_minor) = 1),
        constraint plan_level_rate check (rate_bps between 0 and 10000),
        constraint plan_level_amount check (amount_minor between 0 and 1000000000000)
      );

      create table partner_program.plan_rank (
        plan_version_id uuid not null,
        rank text not null,
        rate_bps integer not null,
        constraint plan_rank_pkey primary key (plan_version_id, rank),
        constraint plan_rank_version_fkey foreign key (plan_version_id) references partner_program.plan_version (id),
        constraint plan_rank_rate check (rate_bps between 0 and 10000)
      );

      -- Once active, a version only ends; its rates never change.
      create function partner_program.plan_version_frozen() returns trigger
        language plpgsql as $$
      begin
        if old.valid is not null and (tg_op = 'DELETE'
           or to_jsonb(new) - 'valid' is distinct from to_jsonb(old) - 'valid'
           or lower(new.valid) is distinct from lower(old.valid) or new.valid is null)
        then
          raise exception 'an active plan version never changes' using errcode = '23001';
        end if;
        return case tg_op when 'DELETE' then old else new end;
      end $$;
      create trigger plan_version_frozen before update or delete on partner_program.plan_version
        for each row execute function partner_program.plan_version_frozen();

      create function partner_program.plan_rates_frozen() returns trigger
        language plpgsql as $$
      begin
        if exists (select 1 from partner_program.plan_version v
                    where v.id = case tg_op when 'INSERT' then new.plan_version_id else old.plan_version_id end
                      and v.valid is not null) then
          raise exception 'an active plan version never changes' using errcode = '23001';
        end if;
        return case tg_op when 'DELETE' then old else new end;
      end $$;
      create trigger plan_level_frozen before insert or update or delete on partner_program.plan_level
        for each row execute function partner_program.plan_rates_frozen();
      create trigger plan_rank_frozen before insert or update or delete on partner_program.plan_rank
        for each row execute function partner_program.plan_rates_frozen();

      -- What the host told, once per contract and version; seq is the order in which it was calculated with.
      create table partner_program.contract_event (
        contract_id text not null,
        version integer not null,
        seq bigint generated always as identity,
        status text not null,
        seller_id text,
        client_id text,
        value_minor bigint not null,
        currency text not null,
        product text,
        kind text,
        refund_bps integer,
        occurred_at timestamptz(3) not null,
        recorded_at timestamptz(3) not null default partner_program.now_ms(),
        constraint contract_event_pkey primary key (contract_id, version),
        constraint contract_event_value check (value_minor between 0 and 1000000000000),
        constraint contract_event_refund check (refund_bps between 1 and 10000)
      );
      create index contract_event_occurred on partner_program.contract_event (occurred_at, contract_id);
      create index contract_event_seller on partner_program.contract_event (seller_id, contract_id);
      create trigger contract_event_kept before update or delete on partner_program.contract_event
        for each row execute function partner_program.refuse_change();

      -- An accrual begins with the event that let the contract enter an accruing status (accrual_version);
      -- later events revalue or reverse it. Each such step is one calculation with a line for everybody.
      create table partner_program.calculation (
        id bigint generated always as identity,
        contract_id text not null,
        accrual_version integer not null,
        event_version integer not null,
        kind text not null,
        as_of timestamptz(3) not null,
        plan_version_id uuid,
        basis_minor bigint not null,
        currency text not null,
        reversed_bps integer not null,
        transaction_id bigint,
        recorded_at timestamptz(3) not null default partner_program.now_ms(),
        constraint calculation_pkey primary key (id),
        constraint calculation_step_key unique (contract_id, accrual_version, event_version),
        constraint calculation_accrual_fkey foreign key (contract_id, accrual_version)
          references partner_program.contract_event (contract_id, version),
        constraint calculation_event_fkey foreign key (contract_id, event_version)
          references partner_program.contract_event (contract_id, version),
        constraint calculation_plan_version_fkey foreign key (plan_version_id) references partner_program.plan_version (id),
        constraint calculation_transaction_fkey foreign key (transaction_id) references partner_program.transaction (id),
        constraint calculation_kind_known check (kind in ('accrual', 'revaluation', 'reversal', 'retraction')),
        constraint calculation_basis check (basis_minor >= 0),
        constraint calculation_reversed check (reversed_bps between 0 and 10000)
      );
      create trigger calculation_kept before update or delete on partner_program.calculation
        for each row execute function partner_program.refuse_change();

      -- amount_minor is what the rules give for the basis; posted_minor what this step moved, less for a reversal.
      create table partner_program.commission_line (
        calculation_id bigint not null,
        level integer not null,
        partner_id uuid not null,
        rate_level integer,
        rank text,
        rate_bps integer,
        uncapped_minor bigint not null,
        amount_minor bigint not null,
        posted_minor bigint not null,
        reason text not null,
        constraint commission_line_pkey primary key (calculation_id, level),
        constraint commission_line_calculation_fkey foreign key (calculation_id) references partner_program.calculation (id),
        constraint commission_line_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint commission_line_amount check (amount_minor between 0 and uncapped_minor),
        constraint commission_line_explained check ((reason = 'PAID') = (amount_minor > 0))
      );
      create index commission_line_partner on partner_program.commission_line (partner_id, calculation_id);
      create trigger commission_line_kept before update or delete on partner_program.commission_line
        for each row execute function partner_program.refuse_change();

      -- While a commission is held back it stands in pending; released_at is set when it has moved on.
      create table partner_program.holding (
        contract_id text not null,
        accrual_version integer not null,
        release_at timestamptz(3) not null,
        released_at timestamptz(3),
        constraint holding_pkey primary key (contract_id, accrual_version),
        constraint holding_accrual_fkey foreign key (contract_id, accrual_version)
          references partner_program.contract_event (contract_id, version)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.holding;
      drop table partner_program.commission_line;
      drop table partner_program.calculation;
      drop table partner_program.contract_event;
      drop table partner_program.plan_rank;
      drop table partner_program.plan_level;
      drop function partner_program.plan_rates_frozen();
      drop table partner_program.plan_version;
      drop function partner_program.plan_version_frozen();
      drop table partner_program.plan;
      drop table partner_program.status_action;
    `);
  }
}
