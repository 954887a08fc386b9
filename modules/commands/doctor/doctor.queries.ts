import type { EntityManager } from 'typeorm';
import { rows } from '../../kernel/query';
import type { ServerFacts, SetupFacts, WorkFacts } from './findings';

const SERVER = {
  name: 'doctor-server',
  text: `
    with ours as (
      select c.oid, c.relname::text as name, c.relowner from pg_class c
       where c.relnamespace = (select oid from pg_namespace where nspname = 'partner_program') and c.relkind = 'r'
    )
    select current_setting('server_version_num')::integer / 10000 as version,
           array(select name from pg_settings
                  where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
                  order by name)::text[] as unsafe,
           date_part('epoch', clock_timestamp()) * 1000 as database_ms,
           current_user::text as role,
           (select rolsuper from pg_roles where rolname = current_user) as superuser,
           array(select name from ours where pg_has_role(relowner, 'usage') order by name) as owned,
           array(select name from ours where name in ('account', 'transaction', 'entry', 'seal')
                    and has_table_privilege(oid, 'insert, update, delete, truncate') order by name) as writable,
           array(select name from ours where not has_table_privilege(oid, 'select') order by name) as hidden`,
};

/** The server, its clock, and what the role of this connection is and may do. */
export async function serverFacts(tx: EntityManager): Promise<Omit<ServerFacts, 'programMs'> & { databaseMs: number }> {
  const [row] = await rows<Omit<ServerFacts, 'programMs'> & { databaseMs: number }>(tx, SERVER);
  return row!;
}

const SETUP = {
  name: 'doctor-setup',
  text: `
    select exists (select from partner_program.terms_version where published_at is not null) as terms,
           exists (select from partner_program.plan_version where valid @> partner_program.now_ms()) as plan,
           exists (select from partner_program.status_action
                    where action = 'accrue' and valid @> partner_program.now_ms()) as accrual,
           date_part('epoch', (select calculated_until from partner_program.timeline) - partner_program.now_ms())
             as calculated_ahead_seconds`,
};

/** What somebody has set up, and up to when commissions have been calculated. */
export async function setupFacts(tx: EntityManager): Promise<SetupFacts> {
  const [row] = await rows<SetupFacts>(tx, SETUP);
  return row!;
}

const WORK = {
  name: 'doctor-work',
  text: `
    with waiting as (
      select kind, attempts, last_error, partner_program.now_ms() - due_at as late
        from partner_program.job where status = 'waiting'
    )
    select (select count(*)::integer from partner_program.job where status = 'dead') as dead,
           (select count(*)::integer from waiting where late > make_interval(mins => $1)) as late,
           array(select distinct kind from waiting where attempts >= $2 order by kind) as failing,
           (select partner_program.now_ms() - reconciled_at > interval '2 days'
              from partner_program.reconciliation) is true as not_reconciled`,
};

/** Jobs that were given up, that nobody takes, or that fail again and again. */
export async function workFacts(tx: EntityManager, lateMinutes: number, attempts: number): Promise<WorkFacts> {
  const [row] = await rows<WorkFacts>(tx, WORK, [lateMinutes, attempts]);
  return row!;
}
