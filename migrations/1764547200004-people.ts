import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Partners, and where and how they stood in time: placements, suspensions, ranks. */
export class People1764547200004 implements MigrationInterface {
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
        -- Since when a CRM user is the partner, where the partner account is older than that.
        linked_at timestamptz(3),
        left_at timestamptz(3),
        erased_at timestamptz(3),
        client_id text,
        constraint partner_pkey primary key (id),
        constraint partner_holder_fkey foreign key (id) references partner_program.holder (id),
        constraint partner_seq_key unique (seq),
        constraint partner_user_key unique (user_id),
        constraint partner_referral_code_key unique (referral_code),
        constraint partner_sponsor_fkey foreign key (sponsor_id) references partner_program.partner (id),
        constraint partner_status_known check (status in ('active', 'awaitingApproval', 'left')),
        constraint partner_locale_known check (locale in ('pl', 'pt-BR', 'en')),
        constraint partner_client_key unique (client_id),
        constraint partner_not_own_sponsor check (sponsor_id <> id),
        constraint partner_linked_to_user check (linked_at is null or user_id is not null),
        constraint partner_left_since check ((status = 'left') = (left_at is not null)),
        -- The row stays, because the tree, the ledger and every calculation name its id; the person does not.
        constraint partner_erased_is_nobody check (erased_at is null or (status = 'left' and first_name = ''
          and last_name = '' and email = '' and phone is null and locale is null and client_id is null))
      );

      -- With an address one logs in here, so nobody shares it. Those of CRM users are the CRM's affair and only copies:
      -- one of them may have been given to somebody else meanwhile.
      create unique index partner_email_key on partner_program.partner (lower(email))
        where status <> 'left' and user_id is null;
      create index partner_address on partner_program.partner (lower(email)) where status <> 'left';

      -- Nor does anybody take the address of a partner who is a CRM user for a login here: one person is one partner.
      create function partner_program.partner_address_free() returns trigger
        language plpgsql as $$
      begin
        if exists (select from partner_program.partner p
                    where lower(p.email) = lower(new.email) and p.status <> 'left' and p.user_id is not null
                      and p.id <> new.id) then
          raise unique_violation using message = 'the address is that of a partner who is a CRM user',
            constraint = 'partner_email_key';
        end if;
        return new;
      end $$;
      create trigger partner_address_free_at_first before insert on partner_program.partner
        for each row when (new.user_id is null) execute function partner_program.partner_address_free();
      create trigger partner_address_free_later before update of email, user_id, status on partner_program.partner
        for each row when (new.user_id is null and new.status <> 'left'
          and (lower(new.email), new.user_id, new.status) is distinct from (lower(old.email), old.user_id, old.status))
        execute function partner_program.partner_address_free();
      create index partner_sponsor on partner_program.partner (sponsor_id, joined_at, id);
      create index partner_joined on partner_program.partner (joined_at, id);
      create index partner_name on partner_program.partner ((lower(last_name || ' ' || first_name) collate "pl-x-icu"), id);
      -- In either order of the names.
      create index partner_search on partner_program.partner
        using gin (partner_program.folded(first_name || ' ' || last_name || ' ' || first_name || ' ' || email) gin_trgm_ops);
      create index partner_left on partner_program.partner (id) where status = 'left';
      -- Who registered without a link and waits.
      create index partner_awaiting on partner_program.partner (id) where status = 'awaitingApproval';
      create index partner_unconfirmed on partner_program.partner (joined_at)
        where email_confirmed_at is null and user_id is null and status <> 'left';
      create index partner_to_erase on partner_program.partner (left_at) where status = 'left' and erased_at is null;

      -- A client whom a partner referred. Approving ties the referral to a client of the CRM for a time; nobody else's
      -- may run for that client then.
      create table partner_program.client_link (
        id uuid not null,
        partner_id uuid not null,
        name text not null,
        email text,
        phone text,
        tax_id text,
        note text,
        status text not null default 'submitted',
        client_id text,
        valid tstzrange,
        reason text,
        submitted_at timestamptz(3) not null default partner_program.now_ms(),
        decided_at timestamptz(3),
        decided_by text,
        constraint client_link_pkey primary key (id),
        constraint client_link_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint client_link_status_known check (status in ('submitted', 'approved', 'rejected', 'ended')),
        constraint client_link_reachable check (num_nonnulls(email, phone) > 0),
        constraint client_link_bound check (
          (status in ('approved', 'ended')) = (valid is not null) and (valid is null) = (client_id is null)),
        constraint client_link_open_until_ended check (status <> 'approved' or upper_inf(valid)),
        constraint client_link_decided check ((status = 'submitted') = (num_nulls(decided_at, decided_by) = 2)),
        constraint client_link_rejected_why check (status <> 'rejected' or reason is not null),
        constraint client_link_one_bond exclude using gist (client_id with =, valid with &&)
      );

      create index client_link_of_partner on partner_program.client_link (partner_id, submitted_at desc, id);
      create index client_link_waiting on partner_program.client_link (submitted_at, id) where status = 'submitted';
      -- One open referral of a client each, by the address or the number that was given.
      create unique index client_link_email_key on partner_program.client_link (partner_id, lower(email))
        where status in ('submitted', 'approved');
      create unique index client_link_phone_key on partner_program.client_link (partner_id, phone)
        where status in ('submitted', 'approved');
      create unique index client_link_tax_id_key on partner_program.client_link (partner_id, tax_id)
        where status in ('submitted', 'approved');
      create trigger client_link_kept before delete on partner_program.client_link
        for each row execute function partner_program.refuse_change();

      -- What was submitted stays; it is decided once, and an approved one ends once, with the client and from when it ran.
      create function partner_program.client_link_course() returns trigger
        language plpgsql as $$
      declare
        decision constant text[] := array['status', 'client_id', 'valid', 'reason', 'decided_at', 'decided_by'];
      begin
        if to_jsonb(new) - decision is distinct from to_jsonb(old) - decision
           or (old.status, new.status) not in (('submitted', 'approved'), ('submitted', 'rejected'), ('approved', 'ended'))
           or old.status = 'approved' and (new.client_id, lower(new.valid)) is distinct from (old.client_id, lower(old.valid))
        then
          raise exception 'a referral is decided once and ends once' using errcode = '23001';
        end if;
        return new;
      end $$;
      create trigger client_link_course before update on partner_program.client_link
        for each row execute function partner_program.client_link_course();

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

      -- The shape of the tree as it is now, for lists, counts and "is it in my downline": the truth are the placements.
      -- A path is the seq of everybody from the top down, each closed by a dot: '1.7.23.'. It also holds how many stand
      -- below and what lists are ordered by, so that a page of a downline is read from one index. A prefix of a thousand
      -- characters is compared by that index as a whole; only below a partner whose own path is longer, the path itself
      -- decides. The fill factor leaves room beside each row, so that a count that changes touches no index.
      create table partner_program.partner_path (
        partner_id uuid not null,
        path text collate "C" not null,
        depth integer not null,
        prefix text collate "C" generated always as (left(path, 1000)) stored,
        direct_count integer not null default 0,
        downline_count integer not null default 0,
        joined_at timestamptz(3) not null,
        name_key text collate "pl-x-icu" not null,
        constraint partner_path_pkey primary key (partner_id),
        constraint partner_path_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint partner_path_depth check (depth between 0 and 10000),
        constraint partner_path_counts check (direct_count between 0 and downline_count)
      ) with (fillfactor = 90);
      create index partner_path_prefix on partner_program.partner_path (prefix)
        include (partner_id, depth, joined_at, name_key);
      alter table partner_program.partner_path alter column prefix set statistics 1000;

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

      -- A user reminds the supervisor at most once a day.
      create table partner_program.join_reminder (
        user_id text not null,
        supervisor_id text not null,
        day date not null,
        constraint join_reminder_pkey primary key (user_id, day)
      );

      -- And is invited by the supervisor at most once a day.
      create table partner_program.join_invitation (
        user_id text not null,
        supervisor_id text not null,
        day date not null,
        constraint join_invitation_pkey primary key (user_id, day)
      );

      -- Who may join although the own supervisor has not: below the next one above who has.
      create table partner_program.join_exception (
        user_id text not null,
        reason text not null,
        granted_by text not null,
        granted_at timestamptz(3) not null default partner_program.now_ms(),
        constraint join_exception_pkey primary key (user_id),
        constraint join_exception_reasoned check (length(reason) between 10 and 500)
      );
      create trigger join_exception_kept before update or delete on partner_program.join_exception
        for each row execute function partner_program.refuse_change();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.join_exception;
      drop table partner_program.join_invitation;
      drop table partner_program.join_reminder;
      drop table partner_program.partner_rank;
      drop table partner_program.suspension;
      drop function partner_program.path_end(text);
      drop table partner_program.partner_path;
      drop table partner_program.placement;
      drop table partner_program.client_link;
      drop function partner_program.client_link_course();
      drop table partner_program.partner;
      drop function partner_program.partner_address_free();
    `);
  }
}
