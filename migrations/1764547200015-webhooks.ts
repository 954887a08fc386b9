import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Outbound web hooks: who wants to hear of what, what there was to report, and how each delivery went. */
export class Webhooks1764547200015 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- The secrets are needed as they are to sign with; the previous one still signs for a while after a rotation.
      create table partner_program.webhook_endpoint (
        id uuid not null,
        url text not null,
        events text[] not null,
        active boolean not null default true,
        secret text,
        previous_secret text,
        previous_until timestamptz(3),
        created_at timestamptz(3) not null default partner_program.now_ms(),
        created_by text not null,
        created_by_name text not null,
        delivered_at timestamptz(3),
        disabled_at timestamptz(3),
        disabled_reason text,
        removed_at timestamptz(3),
        constraint webhook_endpoint_pkey primary key (id),
        constraint webhook_endpoint_url check (url ~ '^https?://' and length(url) <= 2000),
        constraint webhook_endpoint_events_known check (cardinality(events) > 0 and events <@ array[
          'commission.posted', 'commission.reversed', 'withdrawal.requested', 'withdrawal.paid', 'withdrawal.rejected',
          'partner.joined', 'partner.moved', 'terms.published']),
        constraint webhook_endpoint_secret_form check (secret ~ '^whsec_[A-Za-z0-9+/=]{32,}$'),
        constraint webhook_endpoint_secret_until_removed check ((secret is null) = (removed_at is not null)),
        constraint webhook_endpoint_previous check ((previous_secret is null) = (previous_until is null)),
        constraint webhook_endpoint_disabled_reason_known check (disabled_reason in ('failing', 'gone')),
        constraint webhook_endpoint_disabled check ((disabled_at is null) = (disabled_reason is null)),
        constraint webhook_endpoint_active check (not active or num_nonnulls(disabled_at, removed_at) = 0)
      );

      create table partner_program.webhook_event (
        id uuid not null,
        type text not null,
        occurred_at timestamptz(3) not null,
        data jsonb not null,
        constraint webhook_event_pkey primary key (id)
      );

      create index webhook_event_by_time on partner_program.webhook_event (occurred_at);
      create trigger webhook_event_kept before update on partner_program.webhook_event
        for each row execute function partner_program.refuse_change();

      -- attempts_before are those of earlier rounds: a replay begins a new one.
      create table partner_program.webhook_delivery (
        id bigint generated always as identity,
        event_id uuid not null,
        endpoint_id uuid not null,
        status text not null default 'waiting',
        attempts integer not null default 0,
        attempts_before integer not null default 0,
        queued_at timestamptz(3) not null default partner_program.now_ms(),
        next_attempt_at timestamptz(3) default partner_program.now_ms(),
        constraint webhook_delivery_pkey primary key (id),
        constraint webhook_delivery_once unique (event_id, endpoint_id),
        constraint webhook_delivery_event_fkey foreign key (event_id)
          references partner_program.webhook_event (id) on delete cascade,
        constraint webhook_delivery_endpoint_fkey foreign key (endpoint_id) references partner_program.webhook_endpoint (id),
        constraint webhook_delivery_status_known check (status in ('waiting', 'delivered', 'failed')),
        constraint webhook_delivery_next check ((next_attempt_at is not null) = (status = 'waiting')),
        constraint webhook_delivery_rounds check (attempts_before between 0 and attempts)
      );

      create index webhook_delivery_of_endpoint on partner_program.webhook_delivery (endpoint_id, id);
      create index webhook_delivery_failed on partner_program.webhook_delivery (endpoint_id) where status = 'failed';

      create table partner_program.webhook_attempt (
        delivery_id bigint not null,
        number integer not null,
        attempted_at timestamptz(3) not null default partner_program.now_ms(),
        duration_ms integer not null,
        response_status integer,
        answer text not null,
        constraint webhook_attempt_pkey primary key (delivery_id, number),
        constraint webhook_attempt_delivery_fkey foreign key (delivery_id)
          references partner_program.webhook_delivery (id) on delete cascade,
        constraint webhook_attempt_counted check (number > 0 and duration_ms >= 0),
        constraint webhook_attempt_answer_short check (length(answer) <= 500)
      );

      create trigger webhook_attempt_kept before update on partner_program.webhook_attempt
        for each row execute function partner_program.refuse_change();

      create function partner_program.audit_webhook_endpoint() returns trigger
        language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          perform partner_program.record_difference('webhook.added', 'webhook', new.id::text, null, null,
            jsonb_build_object('url', new.url, 'events', new.events));
        elsif new.removed_at is not null then
          perform partner_program.record_change('webhook.removed', 'webhook', new.id::text, null, null, null, null);
        elsif old.secret <> new.secret then
          perform partner_program.record_change('webhook.rotated', 'webhook', new.id::text, null, null, null, null);
        else
          perform partner_program.record_difference('webhook.changed', 'webhook', new.id::text, null,
            jsonb_build_object('url', old.url, 'events', old.events, 'active', old.active,
              'disabledReason', old.disabled_reason),
            jsonb_build_object('url', new.url, 'events', new.events, 'active', new.active,
              'disabledReason', new.disabled_reason));
        end if;
        return null;
      end $$;
      create trigger webhook_endpoint_audited after insert on partner_program.webhook_endpoint
        for each row execute function partner_program.audit_webhook_endpoint();
      create trigger webhook_endpoint_change_audited after update on partner_program.webhook_endpoint
        for each row when ((old.url, old.events, old.active, old.secret, old.removed_at)
          is distinct from (new.url, new.events, new.active, new.secret, new.removed_at))
        execute function partner_program.audit_webhook_endpoint();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.webhook_attempt;
      drop table partner_program.webhook_delivery;
      drop table partner_program.webhook_event;
      drop table partner_program.webhook_endpoint;
      drop function partner_program.audit_webhook_endpoint();
    `);
  }
}
