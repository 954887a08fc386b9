import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every attempt to tell a web hook is kept with its delivery, an endpoint that was given up on says why, and each endpoint
 * has a lane of its own in the worker, so that one which never answers keeps no other waiting.
 */
export class WebhookAttempts1763741910000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- Jobs of a lane are done few at a time, whatever else is due.
      alter table partner_program.job add column lane text;

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
      insert into partner_program.webhook_attempt (delivery_id, number, attempted_at, duration_ms, response_status, answer)
      select id, attempts, attempted_at, duration_ms, response_status, coalesce(answer, '')
        from partner_program.webhook_delivery where duration_ms is not null;
      alter table partner_program.webhook_delivery
        drop column attempted_at, drop column duration_ms, drop column response_status, drop column answer;
      create trigger webhook_attempt_kept before update on partner_program.webhook_attempt
        for each row execute function partner_program.refuse_change();
      create index webhook_delivery_failed on partner_program.webhook_delivery (endpoint_id) where status = 'failed';

      alter table partner_program.webhook_endpoint add column disabled_reason text;
      update partner_program.webhook_endpoint set disabled_reason = 'failing' where disabled_at is not null;
      alter table partner_program.webhook_endpoint
        add constraint webhook_endpoint_disabled_reason_known check (disabled_reason in ('failing', 'gone')),
        add constraint webhook_endpoint_disabled check ((disabled_at is null) = (disabled_reason is null));
      drop trigger webhook_endpoint_change_audited on partner_program.webhook_endpoint;
      create trigger webhook_endpoint_change_audited after update on partner_program.webhook_endpoint
        for each row when (new.removed_at is null
          and (old.url, old.events, old.active) is distinct from (new.url, new.events, new.active))
        execute function partner_program.audited(
          'webhook.changed', 'webhook', 'id', '', 'url', 'events', 'active', 'disabled_reason');

      -- Whoever says when the next attempt is due has its job made, once for each attempt. A job of it that is there already
      -- was left over when the round before was ended. It may wait until workers look by themselves: a NOTIFY would have the
      -- transactions that tell commit one after the other.
      create function partner_program.webhook_attempts_due() returns trigger
        language plpgsql as $$
      begin
        insert into partner_program.job (key, kind, lane, payload, due_at)
        select 'webhook:' || id || ':' || attempts + 1, 'webhook', endpoint_id,
               jsonb_build_object('deliveryId', id::text, 'attempt', attempts + 1), next_attempt_at
          from scheduled where next_attempt_at is not null
        on conflict (key) do update set status = 'waiting', due_at = excluded.due_at, finished_at = null, attempts = 0;
        return null;
      end $$;
      create trigger webhook_delivery_due after insert on partner_program.webhook_delivery
        referencing new table as scheduled for each statement execute function partner_program.webhook_attempts_due();
      create trigger webhook_delivery_due_again after update on partner_program.webhook_delivery
        referencing new table as scheduled for each statement execute function partner_program.webhook_attempts_due();

      -- Nothing waits for an endpoint that is told nothing more.
      create function partner_program.webhook_deliveries_ended() returns trigger
        language plpgsql as $$
      begin
        update partner_program.webhook_delivery set status = 'failed', next_attempt_at = null
         where endpoint_id = new.id and status = 'waiting';
        return null;
      end $$;
      create trigger webhook_endpoint_deactivated after update on partner_program.webhook_endpoint
        for each row when (old.active and not new.active)
        execute function partner_program.webhook_deliveries_ended();

      create or replace function partner_program.tell_webhooks(type text, occurred_at timestamptz, facts jsonb[]) returns void
        language sql as $$
        with event as (
          insert into partner_program.webhook_event (id, type, occurred_at, data)
          select gen_random_uuid(), $1, $2, fact from unnest($3) as fact returning id
        )
        insert into partner_program.webhook_delivery (event_id, endpoint_id)
        select event.id, e.id from event join partner_program.webhook_endpoint e on e.active and $1 = any (e.events)
      $$;

      update partner_program.job j set lane = d.endpoint_id
        from partner_program.webhook_delivery d
       where j.kind = 'webhook' and j.status = 'waiting' and d.id = (j.payload ->> 'deliveryId')::bigint;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      create or replace function partner_program.tell_webhooks(type text, occurred_at timestamptz, facts jsonb[]) returns void
        language sql as $$
        with event as (
          insert into partner_program.webhook_event (id, type, occurred_at, data)
          select gen_random_uuid(), $1, $2, fact from unnest($3) as fact returning id
        ), delivery as (
          insert into partner_program.webhook_delivery (event_id, endpoint_id)
          select event.id, e.id from event join partner_program.webhook_endpoint e on e.active and $1 = any (e.events)
          returning id
        ), added as (
          insert into partner_program.job (key, kind, payload)
          select 'webhook:' || id || ':1', 'webhook', jsonb_build_object('deliveryId', id::text, 'attempt', 1) from delivery
          returning id
        )
        select pg_notify('partner_program_jobs', '') from added limit 1
      $$;
      drop function partner_program.webhook_deliveries_ended() cascade;
      drop function partner_program.webhook_attempts_due() cascade;
      drop trigger webhook_endpoint_change_audited on partner_program.webhook_endpoint;
      create trigger webhook_endpoint_change_audited after update on partner_program.webhook_endpoint
        for each row when (new.removed_at is null
          and (old.url, old.events, old.active) is distinct from (new.url, new.events, new.active))
        execute function partner_program.audited('webhook.changed', 'webhook', 'id', '', 'url', 'events', 'active');
      alter table partner_program.webhook_endpoint drop column disabled_reason;
      drop index partner_program.webhook_delivery_failed;
      alter table partner_program.webhook_delivery
        add column attempted_at timestamptz(3), add column duration_ms integer, add column response_status integer,
        add column answer text, add constraint webhook_delivery_answer_short check (length(answer) <= 500);
      update partner_program.webhook_delivery d
         set attempted_at = a.attempted_at, duration_ms = a.duration_ms, response_status = a.response_status, answer = a.answer
        from partner_program.webhook_attempt a where a.delivery_id = d.id and a.number = d.attempts;
      drop table partner_program.webhook_attempt;
      alter table partner_program.job drop column lane;
    `);
  }
}
