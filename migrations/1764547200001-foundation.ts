import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every table of the program stands on: extensions, the clock, and the guards that keep history as it was. */
export class Foundation1764547200001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create extension if not exists btree_gist;
      create extension if not exists pg_trgm;

      -- Every moment the program compares is a whole millisecond, as JavaScript keeps it.
      create function partner_program.now_ms() returns timestamptz
        language sql volatile as $$ select date_trunc('milliseconds', clock_timestamp()) $$;

      -- Since when this transaction runs, by the same clock.
      create function partner_program.transaction_began_ms() returns timestamptz
        language sql volatile as
        $$ select date_trunc('milliseconds', transaction_timestamp() + (partner_program.now_ms() - clock_timestamp())) $$;

      -- A text as searches compare it: without case and marks, with single blanks.
      create function partner_program.folded(given text) returns text
        language sql immutable parallel safe strict as $$
        select translate(lower(regexp_replace(regexp_replace(normalize(given, nfkd),
                 '[\\u0300-\\u036f\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff]+', '', 'g'), '\\s+', ' ', 'g')), 'łđøıħ', 'ldoih')
      $$;

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
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function partner_program.only_close_range();
      drop function partner_program.refuse_change();
      drop function partner_program.folded(text);
      drop function partner_program.transaction_began_ms();
      drop function partner_program.now_ms();
    `);
  }
}
