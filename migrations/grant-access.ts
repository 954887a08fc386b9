/**
 * What the application's role may do with each table. Called after the migrations:
 * `select partner_program.grant_access('my_role')`. A change of it after the first release comes with a migration that
 * makes it anew, for databases that are migrated already.
 */
export const GRANT_ACCESS = `
  create or replace function partner_program.grant_access(role_name name) returns void
    language plpgsql as $$
  declare
    read_only constant text[] := array['account', 'transaction', 'entry', 'seal', 'holder_kind', 'account_kind',
      'posting_kind', 'audit_record', 'migration'];
    append_only constant text[] :=
      array['holder', 'terms_acceptance', 'contract_event', 'calculation', 'commission_line', 'webhook_attempt',
        'join_exception', 'payment_file_entry'];
    kept constant text[] := array['partner', 'placement', 'suspension', 'partner_rank', 'status_action',
      'terms_version', 'plan_version', 'maturing', 'timeline', 'settings', 'withdrawal', 'api_key',
      'webhook_endpoint', 'webhook_delivery', 'unit', 'forecast_weight',
      'client_link'];
    table_name text;
  begin
    execute format('grant usage on schema partner_program to %I', role_name);
    for table_name in select c.relname from pg_class c
                       where c.relnamespace = 'partner_program'::regnamespace and c.relkind = 'r' loop
      execute format('revoke all on partner_program.%I from %I', table_name, role_name);
      execute format('grant %s on partner_program.%I to %I', case
        when table_name = any (read_only) then 'select'
        when table_name = any (append_only) then 'select, insert'
        when table_name = any (kept) then 'select, insert, update'
        else 'select, insert, update, delete' end, table_name, role_name);
    end loop;
    execute format('grant update (ip) on partner_program.terms_acceptance, partner_program.audit_record to %I', role_name);
    execute format('grant execute on all functions in schema partner_program to %I', role_name);
    execute format('revoke execute on function partner_program.grant_access(name) from %I', role_name);
  end $$;
`;
