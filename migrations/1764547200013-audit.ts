import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who changed what: written by the changed tables themselves, so that no change can leave it out. A transaction says
 * who acts in the setting `partner_program.actor`: {"ref", "name", "ip", "requestId"}; without it the database's own
 * user is named.
 */
export class Audit1764547200013 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table partner_program.audit_record (
        id bigint generated always as identity,
        at timestamptz(3) not null default partner_program.now_ms(),
        actor text not null,
        actor_name text,
        action text not null,
        object_type text not null,
        object_id text,
        partner_id uuid,
        before jsonb,
        after jsonb,
        reason text,
        ip inet,
        request_id text,
        constraint audit_record_pkey primary key (id),
        constraint audit_record_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint audit_record_action_form check (action ~ '^[a-z][A-Za-z]*[.][a-z][A-Za-z]*$')
      );

      create index audit_record_by_time on partner_program.audit_record (at, id);
      create index audit_record_by_actor on partner_program.audit_record (actor, at, id);
      create index audit_record_by_action on partner_program.audit_record (action, at, id);
      create index audit_record_by_object on partner_program.audit_record (object_type, object_id, at, id);
      create index audit_record_by_partner on partner_program.audit_record (partner_id, at, id);
      create index audit_record_addressed on partner_program.audit_record (at) where ip is not null;

      -- Who did what is known for good. From which address of the network, for a year, and of a partner's own doings
      -- until the partner has left.
      create function partner_program.only_forget_old_address() returns trigger
        language plpgsql as $$
      begin
        if to_jsonb(new) - 'ip' is distinct from to_jsonb(old) - 'ip' or new.ip is not null
           or not (old.at < partner_program.now_ms() - interval '365 days'
                   or exists (select from partner_program.partner p
                               where p.status = 'left'
                                 and (old.actor = 'partner:' || p.id
                                      or old.actor = 'user:' || p.user_id and old.partner_id = p.id)))
        then
          raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = '23001';
        end if;
        return new;
      end $$;

      create trigger audit_record_kept before delete on partner_program.audit_record
        for each row execute function partner_program.refuse_change();
      create trigger audit_record_forgets before update on partner_program.audit_record
        for each row execute function partner_program.only_forget_old_address();
      create trigger audit_record_not_emptied before truncate on partner_program.audit_record
        for each statement execute function partner_program.refuse_change();

      create function partner_program.record_change(
        action text, object_type text, object_id text, partner_id uuid, before jsonb, after jsonb, reason text
      ) returns void
        language plpgsql security definer set search_path = pg_catalog, partner_program as $$
      declare
        -- What a transaction set for itself is an empty text in the next one.
        actor constant jsonb := nullif(current_setting('partner_program.actor', true), '')::jsonb;
      begin
        insert into audit_record (actor, actor_name, action, object_type, object_id, partner_id, before, after, reason, ip, request_id)
        values (coalesce(actor ->> 'ref', 'database:' || session_user), actor ->> 'name', action, object_type, object_id,
                partner_id, before, after, reason, (actor ->> 'ip')::inet, actor ->> 'requestId');
      end $$;

      -- What facts say that the others do not; of a fact that is not there nothing is said.
      create function partner_program.facts_apart(facts jsonb, others jsonb) returns jsonb
        language sql immutable as $$
        select jsonb_object_agg(key, value) from jsonb_each(facts)
         where value <> 'null' and value is distinct from others -> key
      $$;

      create function partner_program.record_difference(
        action text, object_type text, object_id text, partner_id uuid, was jsonb, becomes jsonb, reason text default null
      ) returns void
        language sql as $$
        select partner_program.record_change($1, $2, $3, $4,
          partner_program.facts_apart($5, $6), partner_program.facts_apart($6, $5), $7)
      $$;

      create function partner_program.effective_from(valid tstzrange) returns jsonb
        language sql stable as $$
        select case when lower(valid) > partner_program.now_ms()
          then jsonb_build_object('effectiveFrom', lower(valid)) else '{}' end
      $$;

      create function partner_program.audit_settings() returns trigger
        language plpgsql as $$
      begin
        perform partner_program.record_difference('settings.changed', 'settings', null, null,
          jsonb_build_object('currency', old.currency, 'locale', old.locale, 'timeZone', old.time_zone,
            'requireAcceptance', old.require_acceptance, 'requirePayoutAccount', old.require_payout_account,
            'attributionOrder', array_to_string(old.attribution_order, ', ')),
          jsonb_build_object('currency', new.currency, 'locale', new.locale, 'timeZone', new.time_zone,
            'requireAcceptance', new.require_acceptance, 'requirePayoutAccount', new.require_payout_account,
            'attributionOrder', array_to_string(new.attribution_order, ', ')));
        return null;
      end $$;
      create trigger settings_audited after update on partner_program.settings
        for each row when (new is distinct from old)
        execute function partner_program.audit_settings();

      -- A minimum is recorded with its unit. What a program begins with is written before its settings and is no change.
      create function partner_program.audit_minimum_withdrawal() returns trigger
        language plpgsql as $$
      begin
        if exists (select from partner_program.settings) then
          perform partner_program.record_change('settings.changed', 'settings', null, null,
            case when tg_op <> 'INSERT' then
              jsonb_build_object('minimumWithdrawalMinor', old.amount_minor, 'currency', old.unit) end,
            case when tg_op <> 'DELETE' then
              jsonb_build_object('minimumWithdrawalMinor', new.amount_minor, 'currency', new.unit) end, null);
        end if;
        return null;
      end $$;
      create trigger minimum_withdrawal_audited after insert or update or delete on partner_program.minimum_withdrawal
        for each row execute function partner_program.audit_minimum_withdrawal();

      create function partner_program.facts_of(unit partner_program.unit) returns jsonb
        language sql stable as $$
        select jsonb_build_object('digits', unit.digits,
          'names', (select string_agg(forms.value, ', ' order by named.key collate "C" desc, forms.key collate "C")
                      from jsonb_each(unit.names) named, jsonb_each_text(named.value) forms),
          'worth', unit.worth_num || '/' || unit.worth_den || ' ' || unit.worth_currency)
      $$;

      create function partner_program.audit_unit() returns trigger
        language plpgsql as $$
      begin
        perform partner_program.record_difference(
          case tg_op when 'INSERT' then 'unit.defined' else 'unit.changed' end, 'unit', new.code, null,
          case when tg_op = 'INSERT' then '{}' else partner_program.facts_of(old) end, partner_program.facts_of(new));
        return null;
      end $$;
      create trigger unit_defined_audited after insert on partner_program.unit
        for each row execute function partner_program.audit_unit();
      create trigger unit_changed_audited after update on partner_program.unit
        for each row when (new is distinct from old) execute function partner_program.audit_unit();

      create function partner_program.audit_forecast_weight() returns trigger
        language plpgsql as $$
      begin
        perform partner_program.record_difference('contractStatus.weighed', 'contractStatus', new.status, null,
          jsonb_build_object('forecastWeightBps', case when tg_op = 'INSERT' then 10000 else old.weight_bps end),
          jsonb_build_object('forecastWeightBps', new.weight_bps));
        return null;
      end $$;
      create trigger forecast_weight_audited after insert or update on partner_program.forecast_weight
        for each row execute function partner_program.audit_forecast_weight();

      create function partner_program.audit_status_action() returns trigger
        language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          perform partner_program.record_difference('contractStatus.actionSet', 'contractStatus', new.status, null,
            (select jsonb_build_object('action', a.action) from partner_program.status_action a
              where a.status = new.status and upper(a.valid) = lower(new.valid)),
            jsonb_build_object('action', new.action) || partner_program.effective_from(new.valid));
        else
          perform partner_program.record_difference('contractStatus.actionEnded', 'contractStatus', new.status, null,
            jsonb_build_object('action', old.action), null);
        end if;
        return null;
      end $$;
      create trigger status_action_audited after insert or update on partner_program.status_action
        for each row execute function partner_program.audit_status_action();

      create function partner_program.audit_plan_version() returns trigger
        language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          perform partner_program.record_difference('plan.drafted', 'planVersion', new.id::text, null, null,
            jsonb_build_object('number', new.number, 'compression', new.compression, 'holdingDays', new.holding_days,
              'depth', new.depth, 'capBps', new.cap_bps, 'products', new.products, 'contractKinds', new.contract_kinds,
              'minimumValueMinor', new.minimum_value_minor));
        else
          perform partner_program.record_difference('plan.activated', 'planVersion', new.id::text, null, null,
            partner_program.effective_from(new.valid));
        end if;
        return null;
      end $$;
      create trigger plan_version_audited after insert on partner_program.plan_version
        for each row execute function partner_program.audit_plan_version();
      create trigger plan_version_start_audited after update on partner_program.plan_version
        for each row when (old.valid is null and new.valid is not null)
        execute function partner_program.audit_plan_version();

      create function partner_program.audit_terms_version() returns trigger
        language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          perform partner_program.record_difference('terms.uploaded', 'terms', new.id::text, null, null,
            jsonb_build_object('number', new.number, 'title', new.title, 'sha256', new.sha256,
              'requireAcceptance', new.require_acceptance));
        else
          perform partner_program.record_change('terms.published', 'terms', new.id::text, null, null, null, null);
        end if;
        return null;
      end $$;
      create trigger terms_version_audited after insert on partner_program.terms_version
        for each row execute function partner_program.audit_terms_version();
      create trigger terms_version_start_audited after update on partner_program.terms_version
        for each row when (new.published_at is distinct from old.published_at)
        execute function partner_program.audit_terms_version();

      create function partner_program.audit_partner() returns trigger
        language plpgsql as $$
      begin
        if new.status <> old.status then
          perform partner_program.record_difference(
            case new.status when 'left' then 'partner.left' else 'partner.approved' end, 'partner', new.id::text, new.id,
            jsonb_build_object('status', old.status), jsonb_build_object('status', new.status));
        else
          perform partner_program.record_difference('partner.clientLinked', 'partner', new.id::text, new.id,
            jsonb_build_object('clientId', old.client_id), jsonb_build_object('clientId', new.client_id));
        end if;
        return null;
      end $$;
      create trigger partner_status_audited after update of status on partner_program.partner
        for each row when (old.status = 'awaitingApproval' and new.status = 'active' or old.status <> 'left' and new.status = 'left')
        execute function partner_program.audit_partner();
      create trigger partner_client_audited after update of client_id on partner_program.partner
        for each row when (old.client_id is distinct from new.client_id and new.status <> 'left' and old.status = new.status)
        execute function partner_program.audit_partner();

      -- A first place is part of a registration or an approval, not a move.
      create function partner_program.audit_client_link() returns trigger
        language plpgsql as $$
      begin
        perform partner_program.record_change(
          case new.status when 'submitted' then 'clientLink.submitted' when 'approved' then 'clientLink.approved'
            when 'rejected' then 'clientLink.rejected' else 'clientLink.ended' end, 'clientLink', new.id::text, new.partner_id,
          null, jsonb_strip_nulls(jsonb_build_object('clientId', new.client_id)), new.reason);
        return null;
      end $$;
      create trigger client_link_submitted_audited after insert on partner_program.client_link
        for each row execute function partner_program.audit_client_link();
      create trigger client_link_decided_audited after update of status on partner_program.client_link
        for each row when (new.status <> old.status) execute function partner_program.audit_client_link();

      create function partner_program.audit_placement() returns trigger
        language plpgsql as $$
      declare
        before partner_program.placement;
      begin
        select * into before from partner_program.placement p
         where p.partner_id = new.partner_id and upper(p.valid) = lower(new.valid);
        if before.id is not null then
          perform partner_program.record_difference('partner.moved', 'partner', new.partner_id::text, new.partner_id,
            jsonb_build_object('sponsorId', before.sponsor_id),
            jsonb_build_object('sponsorId', new.sponsor_id) || partner_program.effective_from(new.valid), new.reason);
        end if;
        return null;
      end $$;
      create trigger placement_audited after insert on partner_program.placement
        for each row when (new.placed_by <> 'partner:' || new.partner_id)
        execute function partner_program.audit_placement();

      create function partner_program.audit_partner_rank() returns trigger
        language plpgsql as $$
      begin
        perform partner_program.record_difference('partner.ranked', 'partner', new.partner_id::text, new.partner_id,
          (select jsonb_build_object('rank', r.rank) from partner_program.partner_rank r
            where r.partner_id = new.partner_id and upper(r.valid) = lower(new.valid)),
          jsonb_build_object('rank', new.rank) || partner_program.effective_from(new.valid));
        return null;
      end $$;
      create trigger partner_rank_audited after insert on partner_program.partner_rank
        for each row execute function partner_program.audit_partner_rank();

      create function partner_program.audit_suspension() returns trigger
        language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          perform partner_program.record_difference('partner.suspended', 'partner', new.partner_id::text, new.partner_id,
            null, partner_program.effective_from(new.valid), new.reason);
        else
          perform partner_program.record_change('partner.reinstated', 'partner', new.partner_id::text, new.partner_id,
            null, null, null);
        end if;
        return null;
      end $$;
      create trigger suspension_audited after insert or update on partner_program.suspension
        for each row execute function partner_program.audit_suspension();

      -- A correction is recorded with the balances around it, once its entries are written.
      create function partner_program.audit_adjustment() returns trigger
        language plpgsql security definer set search_path = pg_catalog, partner_program as $$
      declare
        line record;
      begin
        for line in select e.amount_minor, e.currency, e.balance_after_minor, a.holder_id as partner_id
                      from entry e join account a on a.id = e.account_id
                     where e.transaction_id = new.id and a.holder_kind = 'partner' loop
          perform record_change('wallet.adjusted', 'partner', line.partner_id::text, line.partner_id,
            jsonb_build_object('balanceMinor', line.balance_after_minor - line.amount_minor, 'currency', line.currency),
            jsonb_build_object('balanceMinor', line.balance_after_minor, 'currency', line.currency), new.reason);
        end loop;
        return null;
      end $$;
      create constraint trigger transaction_audited after insert on partner_program.transaction
        deferrable initially deferred for each row when (new.kind = 'adjustment')
        execute function partner_program.audit_adjustment();

      create function partner_program.audit_withdrawal() returns trigger
        language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          perform partner_program.record_difference('withdrawal.requested', 'withdrawal', new.id::text, new.partner_id, null,
            jsonb_build_object('amountMinor', new.amount_minor, 'currency', new.currency));
        else
          perform partner_program.record_difference(
            case new.status when 'paid' then 'withdrawal.paid' when 'rejected' then 'withdrawal.rejected'
              else 'withdrawal.cancelled' end, 'withdrawal', new.id::text, new.partner_id,
            jsonb_build_object('status', old.status),
            jsonb_build_object('status', new.status, 'reference', new.reference), new.reason);
        end if;
        return null;
      end $$;
      create trigger withdrawal_audited after insert on partner_program.withdrawal
        for each row execute function partner_program.audit_withdrawal();
      create trigger withdrawal_settlement_audited after update on partner_program.withdrawal
        for each row when (old.status <> new.status)
        execute function partner_program.audit_withdrawal();

      -- Of an account number only the last characters are recorded.
      create function partner_program.audit_payout_account() returns trigger
        language plpgsql as $$
      declare
        before partner_program.payout_account;
      begin
        if tg_op = 'INSERT' then
          select * into before from partner_program.payout_account a
           where a.partner_id = new.partner_id and upper(a.valid) = lower(new.valid);
          perform partner_program.record_difference('payoutAccount.changed', 'partner', new.partner_id::text, new.partner_id,
            jsonb_build_object('kind', before.kind, 'pixKind', before.pix_kind) || case
              when before.value <> new.value then jsonb_build_object('value', '••••' || right(before.value, 4)) else '{}' end,
            jsonb_build_object('kind', new.kind, 'pixKind', new.pix_kind) || case
              when before.value is distinct from new.value then jsonb_build_object('value', '••••' || right(new.value, 4))
              else '{}' end || partner_program.effective_from(new.valid));
        else
          perform partner_program.record_change('payoutAccount.changeStopped', 'partner', new.partner_id::text,
            new.partner_id, null, null, null);
        end if;
        return null;
      end $$;
      create trigger payout_account_audited after insert on partner_program.payout_account
        for each row execute function partner_program.audit_payout_account();
      create trigger payout_account_stay_audited after update on partner_program.payout_account
        for each row when (not upper_inf(old.valid) and upper_inf(new.valid))
        execute function partner_program.audit_payout_account();

      create function partner_program.audit_job() returns trigger
        language plpgsql as $$
      begin
        perform partner_program.record_difference('job.retried', 'job', new.key, null,
          jsonb_build_object('status', old.status), jsonb_build_object('status', new.status));
        return null;
      end $$;
      create trigger job_audited after update of status on partner_program.job
        for each row when (old.status = 'dead' and new.status = 'waiting')
        execute function partner_program.audit_job();

      create function partner_program.audit_invitation() returns trigger
        language plpgsql as $$
      begin
        perform partner_program.record_change('invitation.revoked', 'invitation', new.id::text, new.inviter_id,
          null, null, null);
        return null;
      end $$;
      create trigger invitation_audited after update of revoked_at on partner_program.invitation
        for each row when (old.revoked_at is null and new.revoked_at is not null)
        execute function partner_program.audit_invitation();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function partner_program.audit_settings() cascade;
      drop function partner_program.audit_minimum_withdrawal() cascade;
      drop function partner_program.audit_unit() cascade;
      drop function partner_program.facts_of(partner_program.unit);
      drop function partner_program.audit_forecast_weight() cascade;
      drop function partner_program.audit_status_action() cascade;
      drop function partner_program.audit_plan_version() cascade;
      drop function partner_program.audit_terms_version() cascade;
      drop function partner_program.audit_partner() cascade;
      drop function partner_program.audit_client_link() cascade;
      drop function partner_program.audit_placement() cascade;
      drop function partner_program.audit_partner_rank() cascade;
      drop function partner_program.audit_suspension() cascade;
      drop function partner_program.audit_adjustment() cascade;
      drop function partner_program.audit_withdrawal() cascade;
      drop function partner_program.audit_payout_account() cascade;
      drop function partner_program.audit_job() cascade;
      drop function partner_program.audit_invitation() cascade;
      drop function partner_program.effective_from;
      drop function partner_program.record_difference;
      drop function partner_program.facts_apart;
      drop function partner_program.record_change;
      drop table partner_program.audit_record;
      drop function partner_program.only_forget_old_address();
    `);
  }
}
