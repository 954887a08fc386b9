import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients, the statuses of contracts, contracts and everything they ever were. */
export class CrmContracts1763700000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table crm.client (
        id uuid constraint client_pkey primary key,
        name text not null,
        email text,
        tax_id text,
        created_at timestamptz(3) not null default crm.now_ms()
      );

      create table crm.status (
        key text constraint status_pkey primary key,
        label text not null,
        position integer not null
      );
      insert into crm.status (key, label, position) values
        ('draft', 'Szkic', 1), ('sent', 'Wysłana', 2), ('signed', 'Podpisana', 3),
        ('cancelled', 'Anulowana', 4), ('refunded', 'Zwrócona', 5);

      create table crm.contract (
        id uuid constraint contract_pkey primary key,
        number text not null,
        client_id uuid not null constraint contract_client_fkey references crm.client,
        seller_id uuid not null constraint contract_seller_fkey references crm."user",
        value_minor bigint not null,
        currency text not null,
        product text,
        referred_by text,
        status text not null default 'draft' constraint contract_status_fkey references crm.status,
        version integer not null default 1,
        created_at timestamptz(3) not null default crm.now_ms(),
        constraint contract_value_in_range check (value_minor between 0 and 1000000000000),
        constraint contract_currency_code check (currency ~ '^[A-Z][A-Z0-9_]{1,11}$')
      );
      create unique index contract_number_key on crm.contract (number);
      create index contract_client_idx on crm.contract (client_id);
      create index contract_seller_idx on crm.contract (seller_id);
      create index contract_status_idx on crm.contract (status);

      -- The contract as each change left it. A reader that asks "what changed since" goes by the transaction
      -- first: sequence numbers alone become visible out of order, and the late one would be skipped for ever.
      create table crm.contract_change (
        contract_id uuid not null constraint contract_change_contract_fkey references crm.contract on delete cascade,
        version integer not null,
        seq bigint generated always as identity,
        transaction_id bigint not null default pg_current_xact_id()::text::bigint,
        number text not null,
        status text not null,
        seller_id uuid not null,
        client_id uuid not null,
        value_minor bigint not null,
        currency text not null,
        product text,
        referred_by text,
        refund_bps integer,
        refund_minor bigint,
        occurred_at timestamptz(3) not null,
        constraint contract_change_pkey primary key (contract_id, version),
        constraint contract_change_refund_in_range check (refund_bps between 1 and 10000),
        constraint contract_change_refund_amount check (refund_minor between 1 and value_minor),
        constraint contract_change_one_refund check (num_nonnulls(refund_bps, refund_minor) <= 1)
      );
      create index contract_change_order_idx on crm.contract_change (transaction_id, seq);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table crm.contract_change, crm.contract, crm.status, crm.client');
  }
}
