import { DataSource } from 'typeorm';
import { referenceCrmMigrations } from '../../migrations/reference-crm';
import { migratePartnerProgram } from '../../modules';
import { StartError } from '../start-error';

/** The number under which one process at a time migrates the CRM's schema; any other waits. */
const MIGRATION_LOCK = 7_266_002;

/**
 * Brings both schemas up to date: the partner program's, which refuses one that is too old, then the CRM's.
 *
 * @param ownerUrl the role that owns the tables
 * @param appRole  the role of the application, when it is another one: it gets what it needs and no more
 * @throws StartError when a migration fails; its changes are then undone
 */
export async function migrate(ownerUrl: string, appRole?: string): Promise<void> {
  try {
    await migratePartnerProgram({ url: ownerUrl }, { grantTo: appRole });
    await migrateCrm(ownerUrl, appRole);
  } catch (error) {
    throw new StartError(`The database cannot be brought up to date: ${(error as Error).message}.`, { cause: error });
  }
}

async function migrateCrm(ownerUrl: string, appRole: string | undefined): Promise<void> {
  const db = await new DataSource({
    type: 'postgres',
    url: ownerUrl,
    schema: 'crm',
    entities: [],
    migrations: referenceCrmMigrations,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'all',
  }).initialize();
  const owner = db.createQueryRunner();
  try {
    await owner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await owner.query('create schema if not exists crm');
    await db.runMigrations();
    if (appRole) await grantCrm((sql) => owner.query(sql), owner.connection.driver.escape(appRole));
  } finally {
    await owner.release();
    await db.destroy(); // ends the session, and the lock with it
  }
}

async function grantCrm(run: (sql: string) => Promise<unknown>, role: string): Promise<void> {
  await run(`grant usage on schema crm to ${role}`);
  await run(`grant select, insert, update, delete on all tables in schema crm to ${role}`);
  await run(`revoke all on crm.migration from ${role}`);
}
