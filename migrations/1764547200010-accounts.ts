import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People without a CRM account: how they log in, from where, and the links mailed to them. */
export class Accounts1764547200010 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- A partner logs in with the e-mail address of the partner account; there is no second copy of it.
      create table partner_program.account_login (
        partner_id uuid not null,
        password_hash text not null,
        password_changed_at timestamptz(3) not null default partner_program.now_ms(),
        constraint account_login_pkey primary key (partner_id),
        constraint account_login_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint account_login_argon2id check (password_hash like '$argon2id$%')
      );

      -- Of every secret only the SHA-256 is kept, here and below.
      create table partner_program.session (
        id uuid not null,
        token_hash text not null,
        partner_id uuid not null,
        created_at timestamptz(3) not null default partner_program.now_ms(),
        last_seen_at timestamptz(3) not null default partner_program.now_ms(),
        expires_at timestamptz(3) not null,
        ip inet,
        user_agent text,
        constraint session_pkey primary key (id),
        constraint session_token_key unique (token_hash),
        constraint session_login_fkey foreign key (partner_id)
          references partner_program.account_login (partner_id) on delete cascade,
        constraint session_token_hashed check (token_hash ~ '^[0-9a-f]{64}$'),
        constraint session_limited check (expires_at <= created_at + interval '14 days')
      );

      create index session_partner on partner_program.session (partner_id);

      -- Browsers that have logged in to an account before: strangers' failures do not lock them out.
      create table partner_program.known_device (
        token_hash text not null,
        partner_id uuid not null,
        last_used_at timestamptz(3) not null default partner_program.now_ms(),
        constraint known_device_pkey primary key (token_hash, partner_id),
        constraint known_device_login_fkey foreign key (partner_id)
          references partner_program.account_login (partner_id) on delete cascade,
        constraint known_device_token_hashed check (token_hash ~ '^[0-9a-f]{64}$')
      );

      create table partner_program.one_time_token (
        id uuid not null,
        token_hash text not null,
        purpose text not null,
        partner_id uuid not null,
        email text not null,
        created_at timestamptz(3) not null default partner_program.now_ms(),
        expires_at timestamptz(3) not null,
        used_at timestamptz(3),
        constraint one_time_token_pkey primary key (id),
        constraint one_time_token_hash_key unique (token_hash),
        constraint one_time_token_login_fkey foreign key (partner_id)
          references partner_program.account_login (partner_id) on delete cascade,
        constraint one_time_token_hashed check (token_hash ~ '^[0-9a-f]{64}$'),
        constraint one_time_token_purpose_known
          check (purpose in ('confirmEmail', 'resetPassword', 'changeEmailOld', 'changeEmailNew')),
        constraint one_time_token_expires check (expires_at > created_at)
      );

      create index one_time_token_partner on partner_program.one_time_token (partner_id, purpose);

      -- An address that waits to take the place of the present one until both ends have confirmed.
      create table partner_program.email_change (
        partner_id uuid not null,
        email text not null,
        requested_at timestamptz(3) not null default partner_program.now_ms(),
        old_confirmed_at timestamptz(3),
        new_confirmed_at timestamptz(3),
        constraint email_change_pkey primary key (partner_id),
        constraint email_change_login_fkey foreign key (partner_id)
          references partner_program.account_login (partner_id) on delete cascade
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.email_change;
      drop table partner_program.one_time_token;
      drop table partner_program.known_device;
      drop table partner_program.session;
      drop table partner_program.account_login;
    `);
  }
}
