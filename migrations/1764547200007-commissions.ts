import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the host reported of its contracts, what was calculated from it, and how far it was reconciled. */
export class Commissions1764547200007 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      insert into partner_program.account_kind (kind, holder_kind, keeps_balance)
        values ('maturing', 'partner', true), ('commissions', 'program', false)
        on conflict do nothing;
      insert into partner_program.posting_kind (kind) values ('commission'), ('release') on conflict do nothing;

      -- What the host reported, once per contract and version; seq is the order in which it was calculated with.
      create table partner_program.contract_event (
        contract_id text not null,
        version integer not null,
        number text,
        seq bigint generated always as identity,
        status text not null,
        seller_id text,
        client_id text,
        value_minor bigint not null,
        currency text not null,
        product text,
        kind text,
        refund_bps integer,
        refund_minor bigint,
        referred_by text,
        -- Whose contract it was, found when the host reported it: the partner and the source that named the person,
        -- or the reason why nobody is credited.
        attributed_to uuid,
        attribution_source text,
        attribution_reason text,
        occurred_at timestamptz(3) not null,
        recorded_at timestamptz(3) not null default partner_program.now_ms(),
        constraint contract_event_pkey primary key (contract_id, version),
        constraint contract_event_value check (value_minor between 0 and 1000000000000),
        constraint contract_event_refund check (refund_bps between 1 and 10000),
        constraint contract_event_refund_amount check (refund_minor between 1 and value_minor),
        constraint contract_event_one_refund check (num_nonnulls(refund_bps, refund_minor) <= 1),
        constraint contract_event_attributed_to_fkey foreign key (attributed_to) references partner_program.partner (id),
        constraint contract_event_attribution_known check (attribution_source in ('contract', 'clientLink', 'seller')),
        constraint contract_event_attributed check (
          num_nulls(attributed_to, attribution_source) in (0, 2) and (attributed_to is null) = (attribution_reason is not null))
      );

      create index contract_event_occurred on partner_program.contract_event (occurred_at, contract_id);
      create index contract_event_seller on partner_program.contract_event (seller_id, contract_id);
      create index contract_event_client on partner_program.contract_event (client_id, contract_id);
      create index contract_event_number on partner_program.contract_event using gin (number gin_trgm_ops);
      create index contract_event_referred on partner_program.contract_event (referred_by, contract_id)
        where referred_by is not null;
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
        reversed_minor bigint not null,
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
        constraint calculation_reversed check (reversed_bps between 0 and 10000),
        constraint calculation_reversed_amount
          check (reversed_minor = 0 or reversed_minor between 1 and basis_minor and reversed_bps < 10000)
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

      -- Until release_at a commission stays on the account maturing; released_at is set when it has become available.
      create table partner_program.maturing (
        contract_id text not null,
        accrual_version integer not null,
        release_at timestamptz(3) not null,
        released_at timestamptz(3),
        constraint maturing_pkey primary key (contract_id, accrual_version),
        constraint maturing_accrual_fkey foreign key (contract_id, accrual_version)
          references partner_program.contract_event (contract_id, version)
      );

      create index maturing_next on partner_program.maturing (release_at) where released_at is null;

      -- How far the changes that the host remembers were reported again: the host's own cursor.
      create table partner_program.reconciliation (
        id boolean not null default true,
        cursor text,
        reconciled_at timestamptz(3),
        constraint reconciliation_pkey primary key (id),
        constraint reconciliation_single_row check (id)
      );
      insert into partner_program.reconciliation default values;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.reconciliation;
      drop table partner_program.maturing;
      drop table partner_program.commission_line;
      drop table partner_program.calculation;
      drop table partner_program.contract_event;
    `);
  }
}
