import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ways into the program for people without a CRM account, and how often they may be used. */
export class Invitations1764547200011 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table partner_program.invitation (
        id uuid not null,
        inviter_id uuid not null,
        email text not null,
        first_name text not null,
        last_name text not null,
        phone text,
        subject text not null,
        body text not null,
        level_zero boolean not null,
        sent_from text not null,
        sent_from_address text,
        locale text not null,
        expires_at timestamptz(3) not null,
        created_at timestamptz(3) not null default partner_program.now_ms(),
        sent_at timestamptz(3) not null default partner_program.now_ms(),
        delivered_at timestamptz(3),
        bounced_at timestamptz(3),
        opened_at timestamptz(3),
        registered_at timestamptz(3),
        registered_partner_id uuid,
        revoked_at timestamptz(3),
        constraint invitation_pkey primary key (id),
        constraint invitation_inviter_fkey foreign key (inviter_id) references partner_program.partner (id),
        constraint invitation_registered_fkey foreign key (registered_partner_id) references partner_program.partner (id),
        constraint invitation_registered_once unique (registered_partner_id),
        constraint invitation_sender_known check (sent_from in ('own', 'program')),
        constraint invitation_own_sender check ((sent_from = 'own') = (sent_from_address is not null)),
        constraint invitation_one_address check (email ~ '^[!-~]+@[!-~]+$' and length(email) <= 254),
        constraint invitation_locale_known check (locale in ('pl', 'pt-BR', 'en')),
        constraint invitation_registered check ((registered_at is null) = (registered_partner_id is null)),
        constraint invitation_one_end check (registered_at is null or revoked_at is null)
      );

      create index invitation_inviter on partner_program.invitation (inviter_id, id);
      create index invitation_email on partner_program.invitation (lower(email)) where registered_at is null;
      create index invitation_expiry on partner_program.invitation (expires_at) where registered_at is null;

      -- What is known of a link's secret is its hash. Sending an invitation again leaves the earlier link alive; the
      -- first one used ends all of them, because an invitation is registered once.
      create table partner_program.invitation_token (
        token_hash text not null,
        invitation_id uuid not null,
        created_at timestamptz(3) not null default partner_program.now_ms(),
        used_at timestamptz(3),
        constraint invitation_token_pkey primary key (token_hash),
        constraint invitation_token_invitation_fkey foreign key (invitation_id)
          references partner_program.invitation (id) on delete cascade,
        constraint invitation_token_hashed check (token_hash ~ '^[0-9a-f]{64}$')
      );

      create index invitation_token_invitation on partner_program.invitation_token (invitation_id);
      create unique index invitation_token_used_once on partner_program.invitation_token (invitation_id)
        where used_at is not null;

      -- Addresses that asked never to be written to again, in lower case.
      create table partner_program.suppressed_address (
        email_key text not null,
        since timestamptz(3) not null default partner_program.now_ms(),
        constraint suppressed_address_pkey primary key (email_key),
        constraint suppressed_address_lower check (email_key = lower(email_key))
      );

      -- Whoever registers by this link stands at the top; it works as long as its owner may invite there.
      create table partner_program.level_zero_link (
        partner_id uuid not null,
        code text not null,
        constraint level_zero_link_pkey primary key (partner_id),
        constraint level_zero_link_code_key unique (code),
        constraint level_zero_link_partner_fkey foreign key (partner_id) references partner_program.partner (id)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.level_zero_link;
      drop table partner_program.suppressed_address;
      drop table partner_program.invitation_token;
      drop table partner_program.invitation;
    `);
  }
}
