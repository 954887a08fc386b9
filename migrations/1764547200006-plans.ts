import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Commission plans and their versions in time. */
export class Plans1764547200006 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
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

      -- Once active, a version only ends, no later than it was to; its rates never change.
      create function partner_program.plan_version_frozen() returns trigger
        language plpgsql as $$
      begin
        if old.valid is not null and (tg_op = 'DELETE'
           or to_jsonb(new) - 'valid' is distinct from to_jsonb(old) - 'valid'
           or lower(new.valid) is distinct from lower(old.valid) or new.valid is null
           or not upper_inf(old.valid) and (upper_inf(new.valid) or upper(new.valid) > upper(old.valid)))
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
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.plan_rank;
      drop table partner_program.plan_level;
      drop function partner_program.plan_rates_frozen();
      drop table partner_program.plan_version;
      drop function partner_program.plan_version_frozen();
      drop table partner_program.plan;
    `);
  }
}
