import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The schema, the clock, the guards that make tables append-only, and the settings. */
export class Foundation1763741000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create extension if not exists btree_gist;

      -- Every moment the program compares is a whole millisecond, as JavaScript keeps it.
      create function partner_program.now_ms() returns timestamptz
        language sql volatile as $$ select date_trunc('milliseconds', clock_timestamp()) $$;

      create function partner_program.refuse_change() returns trigger
        language plpgsql as $$
      begin
        raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = '23001';
      end $$;

      -- A validity range may be closed once; apart from that, history does not change.
      create function partner_program.only_close_range() returns trigger
        language plpgsql as $$
      begin
        if to_jsonb(new) - 'valid' is distinct from to_jsonb(old) - 'valid'
           or lower(new.valid) is distinct from lower(old.valid)
           or upper(old.valid) is not null
        then
          raise exception '% keeps its history: a range can only be closed', tg_table_name using errcode = '23001';
        end if;
        return new;
      end $$;

      create table partner_program.settings (
        id boolean not null default true,
        currency text not null,
        locale text not null,
        minimum_withdrawal_minor bigint not null default 1000,
        require_acceptance boolean not null default true,
        constraint settings_pkey primary key (id),
        constraint settings_single_row check (id),
        constraint settings_minimum_not_negative check (minimum_withdrawal_minor >= 0)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.settings;
      drop function partner_program.only_close_range();
      drop function partner_program.refuse_change();
      drop function partner_program.now_ms();
    `);
  }
}
