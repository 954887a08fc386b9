import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { partnerProgramMigrations } from '../migrations';
import { InstallationTooOld, migrationState } from './platform/operations/migrations.queries';

/** The number under which one process at a time migrates; any other waits. */
const MIGRATION_LOCK = 7_076_001;

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/**
 * Brings the schema `partner_program` up to date, with a migrations table of its own. Run it with the role that
 * shall own the tables; the application's role gets what it needs, and no more, when named in `grantTo`.
 *
 * @param connection how to reach the database as the owner
 * @returns the names of the migrations that ran
 * @throws InstallationTooOld for tables of a version before 0.1.0
 */
export async function migratePartnerProgram(
  connection: Omit<PostgresOptions, 'type' | 'migrations' | 'schema'>,
  { grantTo }: { grantTo?: string } = {},
): Promise<string[]> {
  const db = new DataSource({
    ...connection,
    type: 'postgres',
    schema: 'partner_program',
    entities: [],
    migrations: partnerProgramMigrations,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'all',
  });
  await db.initialize();
  const lock = db.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await lock.query('create schema if not exists partner_program');
    if ((await migrationState(lock.manager)).older.length > 0) throw new InstallationTooOld();
    const ran = await db.runMigrations();
    if (grantTo !== undefined) await lock.query('select partner_program.grant_access($1)', [grantTo]);
    return ran.map(({ name }) => name);
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).finally(() => lock.release());
    await db.destroy();
  }
}
