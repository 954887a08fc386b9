import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users with their supervisors, the sessions of connect-pg-simple and the development mailbox. */
export class CrmPeople1763700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema if not exists crm;

      -- The CRM's clock, which a demo may move together with the program's.
      create function crm.now_ms() returns timestamptz
        language sql volatile as $$ select date_trunc('milliseconds', clock_timestamp()) $$;

      create table crm."user" (
        id uuid constraint user_pkey primary key,
        email text not null,
        first_name text not null,
        last_name text not null,
        phone text,
        password_hash text not null,
        supervisor_id uuid constraint user_supervisor_fkey references crm."user",
        permissions text[] not null default '{}',
        mailbox text,
        locale text,
        active boolean not null default true,
        created_at timestamptz(3) not null default crm.now_ms(),
        constraint user_permissions_known check (permissions <@ array[
          'participate', 'viewAllPartners', 'manageBalances', 'inviteLevelZero', 'configure', 'crm.admin']),
        constraint user_locale_known check (locale in ('pl', 'pt-BR', 'en'))
      );
      create unique index user_email_key on crm."user" (lower(email));
      create index user_supervisor_idx on crm."user" (supervisor_id);

      -- One lock for every change of the hierarchy: the walk then sees what the others committed, so that two
      -- moves at once cannot close a circle that neither of them saw.
      create function crm.refuse_supervisor_cycle() returns trigger language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(hashtext('crm.user.supervisor_id'));
        if exists (
          with recursive above(id) as (
            select new.supervisor_id
            union
            select u.supervisor_id from crm."user" u join above on above.id = u.id where u.supervisor_id is not null
          )
          select from above where id = new.id
        ) then
          raise exception 'a supervisor cannot stand below the user'
            using errcode = 'check_violation', constraint = 'user_supervisor_no_cycle';
        end if;
        return new;
      end $$;
      create trigger user_supervisor_no_cycle before insert or update of supervisor_id on crm."user"
        for each row when (new.supervisor_id is not null) execute function crm.refuse_supervisor_cycle();

      create table crm.session (
        sid varchar constraint session_pkey primary key,
        sess json not null,
        expire timestamp(6) not null
      );
      create index session_expire_idx on crm.session (expire);

      create table crm.mail (
        id text constraint mail_pkey primary key,
        seq bigint generated always as identity,
        "to" text not null,
        "from" text not null,
        subject text not null,
        text text not null,
        html text,
        at timestamptz(3) not null default crm.now_ms()
      );
      create index mail_seq_idx on crm.mail (seq);

      create table crm.seed (
        name text constraint seed_pkey primary key,
        completed_at timestamptz(3) not null default crm.now_ms()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table crm.seed, crm.mail, crm.session, crm."user";
      drop function crm.refuse_supervisor_cycle();
      drop function crm.now_ms();
    `);
  }
}
