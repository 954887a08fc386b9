import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What keeps lists of partners and the queue of withdrawals quick in a program of millions. */
export class Scale1763741890000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create extension if not exists pg_trgm;

      -- The shape of the tree also knows how many stand below, and what lists are ordered by: a page of a downline is
      -- then read from one index. A prefix of a thousand characters is compared by that index as a whole; only below
      -- somebody whose own path is longer, the path itself decides.
      drop index partner_program.partner_path_prefix;
      alter table partner_program.partner_path
        add column prefix text collate "C" generated always as (left(path, 1000)) stored,
        add column direct_count integer not null default 0,
        add column downline_count integer not null default 0,
        add column joined_at timestamptz(3),
        add column name_key text collate "pl-x-icu";
      update partner_program.partner_path path
         set joined_at = p.joined_at, name_key = lower(p.last_name || ' ' || p.first_name),
             direct_count = coalesce(below.direct, 0), downline_count = coalesce(below.partners, 0)
        from partner_program.partner p
        left join (select above.seq::bigint as seq, count(*) as partners, count(*) filter (where above.n = depth) as direct
                     from partner_program.partner_path,
                          string_to_table(path, '.') with ordinality as above (seq, n)
                    where above.n <= depth group by 1) below using (seq)
       where p.id = path.partner_id;
      alter table partner_program.partner_path
        alter column joined_at set not null,
        alter column name_key set not null,
        add constraint partner_path_counts check (direct_count between 0 and downline_count),
        -- Room beside each row, so that a count that changes touches no index.
        set (fillfactor = 90);
      create index partner_path_prefix on partner_program.partner_path (prefix)
        include (partner_id, depth, joined_at, name_key);
      alter table partner_program.partner_path alter column prefix set statistics 1000;

      create function partner_program.partner_listed() returns trigger
        language plpgsql as $$
      begin
        update partner_program.partner_path
           set joined_at = new.joined_at, name_key = lower(new.last_name || ' ' || new.first_name)
         where partner_id = new.id;
        return null;
      end $$;
      create trigger partner_listed after update of first_name, last_name, joined_at on partner_program.partner
        for each row execute function partner_program.partner_listed();

      create index partner_joined on partner_program.partner (joined_at, id);
      create index partner_name on partner_program.partner ((lower(last_name || ' ' || first_name) collate "pl-x-icu"), id);
      create index partner_left on partner_program.partner (id) where status = 'left';
      create index partner_search on partner_program.partner
        using gin ((first_name || ' ' || last_name) gin_trgm_ops, email gin_trgm_ops);

      -- Every posting changes a balance: with room beside it, no index has to follow.
      alter table partner_program.account set (fillfactor = 70);

      -- For a posting of a few entries PostgreSQL holds a plan for just these to be cheaper than one for any number, and
      -- plans every statement of it anew at every call.
      alter function partner_program.post set plan_cache_mode = force_generic_plan;

      -- One state of the queue is read without the others.
      create index withdrawal_by_status on partner_program.withdrawal (status, requested_at, id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index partner_program.withdrawal_by_status;
      alter function partner_program.post reset plan_cache_mode;
      alter table partner_program.account reset (fillfactor);
      drop index partner_program.partner_search;
      drop index partner_program.partner_left;
      drop index partner_program.partner_name;
      drop index partner_program.partner_joined;
      drop trigger partner_listed on partner_program.partner;
      drop function partner_program.partner_listed();
      alter table partner_program.partner_path
        drop constraint partner_path_counts, drop column prefix, drop column direct_count, drop column downline_count,
        drop column joined_at, drop column name_key, reset (fillfactor);
      create index partner_path_prefix on partner_program.partner_path ("left"(path, 1000) collate "C");
    `);
  }
}
