import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Outbound web hooks: who wants to hear of what, what there was to tell, and how telling it went. The changed tables tell
 * it themselves, in the transaction of the change, so that no change can leave it out; nothing is written while nobody
 * listens.
 */
export class Webhooks1763741895000 implements MigrationInterface {
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
        removed_at timestamptz(3),
        constraint webhook_endpoint_pkey primary key (id),
        constraint webhook_endpoint_url check (url ~ '^https?://' and length(url) <= 2000),
        constraint webhook_endpoint_events_known check (cardinality(events) > 0 and events <@ array[
          'commission.posted', 'commission.reversed', 'withdrawal.requested', 'withdrawal.paid', 'withdrawal.rejected',
          'partner.joined', 'partner.moved', 'terms.published']),
        constraint webhook_endpoint_secret_form check (secret ~ '^whsec_[A-Za-z0-9+/=]{32,}$'),
        constraint webhook_endpoint_secret_until_removed check ((secret is null) = (removed_at is not null)),
        constraint webhook_endpoint_previous check ((previous_secret is null) = (previous_until is null)),
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
        attempted_at timestamptz(3),
        duration_ms integer,
        response_status integer,
        answer text,
        constraint webhook_delivery_pkey primary key (id),
        constraint webhook_delivery_once unique (event_id, endpoint_id),
        constraint webhook_delivery_event_fkey foreign key (event_id)
          references partner_program.webhook_event (id) on delete cascade,
        constraint webhook_delivery_endpoint_fkey foreign key (endpoint_id) references partner_program.webhook_endpoint (id),
        constraint webhook_delivery_status_known check (status in ('waiting', 'delivered', 'failed')),
        constraint webhook_delivery_next check ((next_attempt_at is not null) = (status = 'waiting')),
        constraint webhook_delivery_rounds check (attempts_before between 0 and attempts),
        constraint webhook_delivery_answer_short check (length(answer) <= 500)
      );
      create index webhook_delivery_of_endpoint on partner_program.webhook_delivery (endpoint_id, id);

      create function partner_program.webhook_awaited(type text) returns boolean
        language sql stable as $$
        select exists (select 1 from partner_program.webhook_endpoint e where e.active and type = any (e.events))
      $$;

      -- Once per event and endpoint, with a job for the first attempt.
      create function partner_program.tell_webhooks(type text, occurred_at timestamptz, facts jsonb[]) returns void
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

      -- Tells columns of the changed row. Its arguments: the event, the name under which the row's id is told, then the
      -- columns.
      create function partner_program.webhook_told() returns trigger
        language plpgsql as $$
      declare
        changed jsonb;
        fact jsonb;
      begin
        if not partner_program.webhook_awaited(tg_argv[0]) then
          return null;
        end if;
        changed := to_jsonb(new);
        select jsonb_build_object(tg_argv[1], changed -> 'id') || coalesce(jsonb_object_agg(
                 lower(left(c.name, 1)) || substr(replace(initcap(replace(c.name, '_', ' ')), ' ', ''), 2),
                 changed -> c.name), '{}') into fact
          from unnest(tg_argv[2:]) as c (name);
        perform partner_program.tell_webhooks(tg_argv[0], partner_program.now_ms(), array[fact]);
        return null;
      end $$;

      create function partner_program.move_told() returns trigger
        language plpgsql as $$
      begin
        -- A first place is part of joining, which is told by itself.
        if partner_program.webhook_awaited('partner.moved')
           and exists (select 1 from partner_program.placement p where p.partner_id = new.partner_id and p.id <> new.id)
        then
          perform partner_program.tell_webhooks('partner.moved', new.recorded_at, array[jsonb_build_object(
            'partnerId', new.partner_id, 'sponsorId', new.sponsor_id,
            'effectiveAt', to_char(lower(new.valid) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))]);
        end if;
        return null;
      end $$;

      -- One look a batch, whatever its size; one more statement for each of the two when somebody listens. A step of a
      -- calculation that moved no money is not told.
      create function partner_program.commissions_told() returns trigger
        language plpgsql as $$
      begin
        if partner_program.webhook_awaited('commission.posted') or partner_program.webhook_awaited('commission.reversed') then
          perform partner_program.tell_webhooks(step.type, partner_program.now_ms(), array_agg(step.fact order by step.id))
             from (select c.id, case when sum(l.posted_minor) < 0 then 'commission.reversed' else 'commission.posted' end as type,
                          jsonb_build_object('contractId', c.contract_id, 'version', c.event_version,
                            'currency', c.currency, 'amountMinor', sum(l.posted_minor), 'lines', jsonb_agg(
                              jsonb_build_object('partnerId', l.partner_id, 'level', l.level, 'amountMinor', l.posted_minor)
                              order by l.level)) as fact
                     from added l join partner_program.calculation c on c.id = l.calculation_id
                    where l.posted_minor <> 0 group by c.id) step
            where partner_program.webhook_awaited(step.type) group by step.type;
        end if;
        return null;
      end $$;

      create trigger commission_line_told after insert on partner_program.commission_line
        referencing new table as added for each statement execute function partner_program.commissions_told();
      create trigger withdrawal_request_told after insert on partner_program.withdrawal
        for each row execute function partner_program.webhook_told(
          'withdrawal.requested', 'withdrawalId', 'partner_id', 'amount_minor', 'currency');
      create trigger withdrawal_payout_told after update of status on partner_program.withdrawal
        for each row when (old.status = 'pending' and new.status = 'paid') execute function partner_program.webhook_told(
          'withdrawal.paid', 'withdrawalId', 'partner_id', 'amount_minor', 'currency');
      create trigger withdrawal_rejection_told after update of status on partner_program.withdrawal
        for each row when (old.status = 'pending' and new.status = 'rejected') execute function partner_program.webhook_told(
          'withdrawal.rejected', 'withdrawalId', 'partner_id', 'amount_minor', 'currency');
      create trigger partner_told after insert on partner_program.partner
        for each row when (new.status = 'active')
        execute function partner_program.webhook_told('partner.joined', 'partnerId', 'sponsor_id');
      create trigger partner_approval_told after update of status on partner_program.partner
        for each row when (old.status = 'awaitingApproval' and new.status = 'active')
        execute function partner_program.webhook_told('partner.joined', 'partnerId', 'sponsor_id');
      create trigger placement_told after insert on partner_program.placement
        for each row execute function partner_program.move_told();
      create trigger terms_version_told after update of published_at on partner_program.terms_version
        for each row when (new.published_at is distinct from old.published_at)
        execute function partner_program.webhook_told('terms.published', 'termsVersionId', 'number', 'sha256');

      create trigger webhook_endpoint_audited after insert on partner_program.webhook_endpoint
        for each row execute function partner_program.audited('webhook.added', 'webhook', 'id', '', 'url', 'events');
      create trigger webhook_endpoint_change_audited after update on partner_program.webhook_endpoint
        for each row when (new.removed_at is null
          and (old.url, old.events, old.active) is distinct from (new.url, new.events, new.active))
        execute function partner_program.audited('webhook.changed', 'webhook', 'id', '', 'url', 'events', 'active');
      create trigger webhook_endpoint_rotation_audited after update on partner_program.webhook_endpoint
        for each row when (new.removed_at is null and old.secret <> new.secret)
        execute function partner_program.audited('webhook.rotated', 'webhook', 'id', '');
      create trigger webhook_endpoint_end_audited after update on partner_program.webhook_endpoint
        for each row when (old.removed_at is null and new.removed_at is not null)
        execute function partner_program.audited('webhook.removed', 'webhook', 'id', '');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function partner_program.webhook_told() cascade;
      drop function partner_program.move_told() cascade;
      drop function partner_program.commissions_told() cascade;
      drop function partner_program.tell_webhooks;
      drop function partner_program.webhook_awaited;
      drop table partner_program.webhook_delivery;
      drop table partner_program.webhook_event;
      drop table partner_program.webhook_endpoint;
    `);
  }
}
