import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who changed what: written by the changed tables themselves, so that no change can leave it out. A transaction says
 * who acts in the setting `partner_program.actor`: {"ref", "name", "ip", "requestId"}; without it the database's own
 * user is named.
 */
export class Audit1763741880000 implements MigrationInterface {
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
      create trigger audit_record_kept before update or delete on partner_program.audit_record
        for each row execute function partner_program.refuse_change();
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

      -- Records what a row says that it did not say before. Its arguments: the action, the type of the object, the
      -- columns with its id and its partner ('' for none), then the columns to be told, or '*' for all of them; of one
      -- that ends in * only the last characters. Where a validity range begins, "before" is the row that ended there;
      -- where it ends, nothing comes after.
      create function partner_program.audited() returns trigger
        language plpgsql security definer set search_path = pg_catalog, partner_program as $$
      declare
        changed constant jsonb := to_jsonb(new);
        valid constant tstzrange := changed ->> 'valid';
        begins constant boolean := valid is not null and (tg_op = 'INSERT' or to_jsonb(old) ->> 'valid' is null);
        was jsonb := case tg_op when 'UPDATE' then to_jsonb(old) end;
        becomes constant jsonb := case when valid is null or begins then changed end;
        before jsonb;
        after jsonb;
      begin
        if tg_op = 'INSERT' and begins then
          execute format('select to_jsonb(t) from partner_program.%I t where t.%I = %L and upper(t.valid) = lower($1)',
                         tg_table_name, tg_argv[2], changed ->> tg_argv[2]) into was using valid;
          if was is null and tg_table_name = 'placement' then
            return null; -- A first place is part of a registration or an approval, not a move.
          end if;
        end if;
        select jsonb_object_agg(key, case when masked then to_jsonb('••••' || right(was ->> name, 4)) else was -> name end)
                 filter (where was ->> name is not null),
               jsonb_object_agg(key, case when masked then to_jsonb('••••' || right(becomes ->> name, 4)) else becomes -> name end)
                 filter (where becomes ->> name is not null)
          into before, after
          from (select c.name, told like '_%*' as masked,
                       lower(left(c.name, 1)) || substr(replace(initcap(replace(c.name, '_', ' ')), ' ', ''), 2) as key
                  from unnest(case tg_argv[4] when '*' then array(select jsonb_object_keys(changed)) else tg_argv[4:] end) told
                 cross join lateral rtrim(told, '*') as c (name)) column_to_tell
         where was -> name is distinct from becomes -> name;
        if begins and lower(valid) > now_ms() then
          after := coalesce(after, '{}') || jsonb_build_object('effectiveFrom', lower(valid));
        end if;
        perform record_change(tg_argv[0], tg_argv[1], changed ->> nullif(tg_argv[2], ''),
          (changed ->> nullif(tg_argv[3], ''))::uuid, before, after, becomes ->> 'reason');
        return null;
      end $$;

      -- A correction is told with the balances around it, once its entries are written.
      create function partner_program.adjustment_audited() returns trigger
        language plpgsql security definer set search_path = pg_catalog, partner_program as $$
      declare
        line record;
      begin
        for line in select e.amount_minor, e.currency, e.balance_after_minor, a.partner_id
                      from entry e join account a on a.id = e.account_id
                     where e.transaction_id = new.id and a.partner_id is not null loop
          perform record_change('wallet.adjusted', 'partner', line.partner_id::text, line.partner_id,
            jsonb_build_object('balanceMinor', line.balance_after_minor - line.amount_minor, 'currency', line.currency),
            jsonb_build_object('balanceMinor', line.balance_after_minor, 'currency', line.currency), new.reason);
        end loop;
        return null;
      end $$;

      create trigger settings_audited after update on partner_program.settings
        for each row when (new is distinct from old)
        execute function partner_program.audited('settings.changed', 'settings', '', '', '*');
      create trigger status_action_audited after insert on partner_program.status_action
        for each row execute function partner_program.audited(
          'contractStatus.actionSet', 'contractStatus', 'status', '', 'action');
      create trigger status_action_end_audited after update on partner_program.status_action
        for each row execute function partner_program.audited(
          'contractStatus.actionEnded', 'contractStatus', 'status', '', 'action');

      create trigger plan_version_audited after insert on partner_program.plan_version
        for each row execute function partner_program.audited(
          'plan.drafted', 'planVersion', 'id', '', 'number', 'compression', 'holding_days', 'depth', 'cap_bps', 'products',
          'contract_kinds', 'minimum_value_minor');
      create trigger plan_version_start_audited after update on partner_program.plan_version
        for each row when (old.valid is null and new.valid is not null)
        execute function partner_program.audited('plan.activated', 'planVersion', 'id', '');

      create trigger terms_version_audited after insert on partner_program.terms_version
        for each row execute function partner_program.audited(
          'terms.uploaded', 'terms', 'id', '', 'number', 'title', 'sha256', 'require_acceptance');
      create trigger terms_version_start_audited after update on partner_program.terms_version
        for each row when (new.published_at is distinct from old.published_at)
        execute function partner_program.audited('terms.published', 'terms', 'id', '');

      create trigger partner_approval_audited after update of status on partner_program.partner
        for each row when (old.status = 'awaitingApproval' and new.status = 'active')
        execute function partner_program.audited('partner.approved', 'partner', 'id', 'id', 'status');
      create trigger partner_leaving_audited after update of status on partner_program.partner
        for each row when (old.status <> 'left' and new.status = 'left')
        execute function partner_program.audited('partner.left', 'partner', 'id', 'id', 'status');
      create trigger partner_client_audited after update of client_id on partner_program.partner
        for each row when (old.client_id is distinct from new.client_id and new.status <> 'left')
        execute function partner_program.audited('partner.clientLinked', 'partner', 'id', 'id', 'client_id');
      create trigger placement_audited after insert on partner_program.placement
        for each row when (new.placed_by <> 'partner:' || new.partner_id)
        execute function partner_program.audited('partner.moved', 'partner', 'partner_id', 'partner_id', 'sponsor_id');
      create trigger partner_rank_audited after insert on partner_program.partner_rank
        for each row execute function partner_program.audited('partner.ranked', 'partner', 'partner_id', 'partner_id', 'rank');
      create trigger suspension_audited after insert on partner_program.suspension
        for each row execute function partner_program.audited('partner.suspended', 'partner', 'partner_id', 'partner_id');
      create trigger suspension_end_audited after update on partner_program.suspension
        for each row execute function partner_program.audited('partner.reinstated', 'partner', 'partner_id', 'partner_id');

      create constraint trigger transaction_audited after insert on partner_program.transaction
        deferrable initially deferred for each row when (new.kind = 'adjustment')
        execute function partner_program.adjustment_audited();
      create trigger withdrawal_audited after insert on partner_program.withdrawal
        for each row execute function partner_program.audited(
          'withdrawal.requested', 'withdrawal', 'id', 'partner_id', 'amount_minor', 'currency');
      create trigger withdrawal_payout_audited after update on partner_program.withdrawal
        for each row when (old.status = 'pending' and new.status = 'paid') execute function partner_program.audited(
          'withdrawal.paid', 'withdrawal', 'id', 'partner_id', 'status', 'reference');
      create trigger withdrawal_rejection_audited after update on partner_program.withdrawal
        for each row when (old.status = 'pending' and new.status = 'rejected') execute function partner_program.audited(
          'withdrawal.rejected', 'withdrawal', 'id', 'partner_id', 'status');
      create trigger withdrawal_cancellation_audited after update on partner_program.withdrawal
        for each row when (old.status = 'pending' and new.status = 'cancelled') execute function partner_program.audited(
          'withdrawal.cancelled', 'withdrawal', 'id', 'partner_id', 'status');
      create trigger payout_account_audited after insert or update on partner_program.payout_account
        for each row execute function partner_program.audited(
          'payoutAccount.changed', 'partner', 'partner_id', 'partner_id', 'kind', 'pix_kind', 'value*');

      create trigger job_audited after update of status on partner_program.job
        for each row when (old.status = 'dead' and new.status = 'waiting')
        execute function partner_program.audited('job.retried', 'job', 'key', '', 'status');
      create trigger invitation_audited after update of revoked_at on partner_program.invitation
        for each row when (old.revoked_at is null and new.revoked_at is not null)
        execute function partner_program.audited('invitation.revoked', 'invitation', 'id', 'inviter_id');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function partner_program.audited() cascade;
      drop function partner_program.adjustment_audited() cascade;
      drop function partner_program.record_change;
      drop table partner_program.audit_record;
    `);
  }
}
