import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What partners are notified of, in the portal and by mail, and what they do not want to hear of. */
export class Notifications1764547200012 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- 'about' names what it is about: a withdrawal, the new partner, a version of the terms with the moment of its
      -- publication; of a digest the last calculation among them. Nobody is notified of the same thing twice.
      create table partner_program.notification (
        id bigint generated always as identity,
        partner_id uuid not null,
        kind text not null,
        about text not null,
        amounts jsonb,
        contracts integer,
        shown boolean not null,
        created_at timestamptz(3) not null default partner_program.now_ms(),
        constraint notification_pkey primary key (id),
        constraint notification_once unique (partner_id, kind, about),
        constraint notification_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint notification_kind_known check (kind in ('commission', 'withdrawal', 'newPartner', 'terms')),
        constraint notification_of_commissions
          check (num_nonnulls(amounts, contracts) = case kind when 'commission' then 2 else 0 end)
      );

      create index notification_shown on partner_program.notification (partner_id, id) where shown;
      create index notification_old on partner_program.notification (created_at) where kind <> 'newPartner';
      create trigger notification_kept before update on partner_program.notification
        for each row execute function partner_program.refuse_change();
      -- A sponsor is notified of a new partner once, also when the partner's address is confirmed again years later.
      create trigger notification_of_partner_kept before delete on partner_program.notification
        for each row when (old.kind = 'newPartner') execute function partner_program.refuse_change();

      -- Up to which one a partner has seen them.
      create table partner_program.notification_mark (
        partner_id uuid not null,
        seen_id bigint not null,
        constraint notification_mark_pkey primary key (partner_id),
        constraint notification_mark_partner_fkey foreign key (partner_id) references partner_program.partner (id)
      );

      -- A kind that a partner does not want on a channel; whatever is not here is wanted.
      create table partner_program.notification_mute (
        partner_id uuid not null,
        kind text not null,
        channel text not null,
        constraint notification_mute_pkey primary key (partner_id, kind, channel),
        constraint notification_mute_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint notification_mute_kind_known check (kind in ('commission', 'withdrawal', 'newPartner', 'terms')),
        constraint notification_mute_channel_known check (channel in ('email', 'portal'))
      );

      -- The secret in the link of each mail by which one unsubscribes from its kind.
      create table partner_program.unsubscribe_token (
        token_hash text not null,
        notification_id bigint not null,
        constraint unsubscribe_token_pkey primary key (token_hash),
        constraint unsubscribe_token_notification_fkey foreign key (notification_id)
          references partner_program.notification (id),
        constraint unsubscribe_token_hashed check (token_hash ~ '^[0-9a-f]{64}$')
      );

      create index unsubscribe_token_notification on partner_program.unsubscribe_token (notification_id);

      -- Up to which calculation commissions were told in a digest; what was there before is no news.
      create table partner_program.commission_digest (
        id boolean not null default true,
        calculation_id bigint not null,
        constraint commission_digest_pkey primary key (id),
        constraint commission_digest_single_row check (id)
      );
      insert into partner_program.commission_digest (calculation_id) values (0);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.commission_digest;
      drop table partner_program.unsubscribe_token;
      drop table partner_program.notification_mute;
      drop table partner_program.notification_mark;
      drop table partner_program.notification;
    `);
  }
}
