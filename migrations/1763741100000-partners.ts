import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Partners, and where and how they stood in time: placements, suspensions, ranks. */
export class Partners1763741100000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table partner_program.partner (
        id uuid not null,
        seq bigint generated always as identity,
        user_id text,
        first_name text not null,
        last_name text not null,
        email text not null,
        phone text,
        locale text,
        status text not null default 'active',
        sponsor_id uuid,
        referral_code text not null,
        email_confirmed_at timestamptz(3),
        joined_at timestamptz(3) not null,
        constraint partner_pkey primary key (id),
        constraint partner_seq_key unique (seq),
        constraint partner_user_key unique (user_id),
        constraint partner_referral_code_key unique (referral_code),
        constraint partner_sponsor_fkey foreign key (sponsor_id) references partner_program.partner (id),
        constraint partner_status_known check (status in ('active', 'awaitingApproval', 'left')),
        constraint partner_not_own_sponsor check (sponsor_id <> id)
      );
      create unique index partner_email_key on partner_program.partner (lower(email)) where status <> 'left';
      create index partner_sponsor on partner_program.partner (sponsor_id, joined_at, id);

      -- Where a partner stood, and when. The calculation walks this table as of a moment.
      create table partner_program.placement (
        id bigint generated always as identity,
        partner_id uuid not null,
        sponsor_id uuid,
        valid tstzrange not null,
        reason text not null,
        placed_by text not null,
        recorded_at timestamptz(3) not null default partner_program.now_ms(),
        constraint placement_pkey primary key (id),
        constraint placement_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint placement_sponsor_fkey foreign key (sponsor_id) references partner_program.partner (id),
        constraint placement_not_own_sponsor check (sponsor_id <> partner_id),
        constraint placement_not_empty check (not isempty(valid)),
        constraint placement_one_at_a_time exclude using gist (partner_id with =, valid with &&)
      );
      create index placement_partner on partner_program.placement (partner_id, lower(valid));
      create trigger placement_history before update on partner_program.placement
        for each row execute function partner_program.only_close_range();
      create trigger placement_kept before delete on partner_program.placement
        for each row execute function partner_program.refuse_change();

      -- The shape of the tree as it is now, for lists, counts and "is it in my downline".
      -- A path is the seq of everybody from the top down, each closed by a dot: '1.7.23.'.
      create table partner_program.partner_path (
        partner_id uuid not null,
        path text collate "C" not null,
        depth integer not null,
        constraint partner_path_pkey primary key (partner_id),
        constraint partner_path_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint partner_path_depth check (depth between 0 and 10000)
      );
      create index partner_path_prefix on partner_program.partner_path ("left"(path, 1000) collate "C");

      -- Where the downline of a path ends in that index; '/' is the character after '.'.
      create function partner_program.path_end(path text) returns text
        language sql immutable parallel safe as
        $$ select (case when length(path) <= 1000 then left(path, -1) else left(path, 1000) end || '/') collate "C" $$;

      create table partner_program.suspension (
        id bigint generated always as identity,
        partner_id uuid not null,
        valid tstzrange not null,
        reason text not null,
        suspended_by text not null,
        constraint suspension_pkey primary key (id),
        constraint suspension_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint suspension_not_empty check (not isempty(valid)),
        constraint suspension_one_at_a_time exclude using gist (partner_id with =, valid with &&)
      );
      create trigger suspension_history before update on partner_program.suspension
        for each row execute function partner_program.only_close_range();
      create trigger suspension_kept before delete on partner_program.suspension
        for each row execute function partner_program.refuse_change();

      create table partner_program.partner_rank (
        id bigint generated always as identity,
        partner_id uuid not null,
        rank text not null,
        valid tstzrange not null,
        ranked_by text not null,
        constraint partner_rank_pkey primary key (id),
        constraint partner_rank_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint partner_rank_not_empty check (not isempty(valid)),
        constraint partner_rank_one_at_a_time exclude using gist (partner_id with =, valid with &&)
      );
      create trigger partner_rank_history before update on partner_program.partner_rank
        for each row execute function partner_program.only_close_range();
      create trigger partner_rank_kept before delete on partner_program.partner_rank
        for each row execute function partner_program.refuse_change();

      -- Up to which moment commissions have been calculated: rules and the tree change only after it, so that
      -- what was calculated can always be calculated again. And when a rule or the tree last changed: no two
      -- changes share a moment.
      create table partner_program.timeline (
        id boolean not null default true,
        calculated_until timestamptz(3) not null default '1970-01-01',
        changed_at timestamptz(3) not null default '1970-01-01',
        constraint timeline_pkey primary key (id),
        constraint timeline_single_row check (id)
      );
      insert into partner_program.timeline default values;

      -- Takes the timeline for a change and gives it a moment of its own: now, or the next free millisecond, which
      -- is waited for, so that whatever happens after the change also has a later time.
      create function partner_program.take_timeline(lock bigint, out earliest timestamptz, out moment timestamptz)
        language plpgsql volatile as $$
      begin
        perform pg_advisory_xact_lock(lock);
        update partner_program.timeline
           set changed_at = greatest(partner_program.now_ms(), calculated_until + interval '1 ms', changed_at + interval '1 ms')
        returning calculated_until + interval '1 ms', changed_at into earliest, moment;
        while clock_timestamp() < moment and moment < clock_timestamp() + interval '1 s' loop
          perform pg_sleep(0.001);
        end loop;
      end $$;

      -- A user reminds the supervisor at most once a day.
      create table partner_program.join_reminder (
        user_id text not null,
        supervisor_id text not null,
        day date not null,
        constraint join_reminder_pkey primary key (user_id, day)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.join_reminder;
      drop function partner_program.take_timeline;
      drop table partner_program.timeline;
      drop table partner_program.partner_rank;
      drop table partner_program.suspension;
      drop function partner_program.path_end(text);
      drop table partner_program.partner_path;
      drop table partner_program.placement;
      drop table partner_program.partner;
    `);
  }
}
