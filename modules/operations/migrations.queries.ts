import type { EntityManager } from 'typeorm';
import { partnerProgramMigrations } from '../../migrations';

/** What this version of the module and its database do not know of each other, by the names of migrations. */
export interface MigrationState {
  /** The database has not seen them; all of them where it knows nothing of us. */
  readonly pending: readonly string[];
  /** This version has not: the database is of a newer one. */
  readonly unknown: readonly string[];
}

export async function migrationState(tx: EntityManager): Promise<MigrationState> {
  const [{ installed }] = await tx.query<[{ installed: boolean }]>(
    `select to_regclass('partner_program.migration') is not null as installed`,
  );
  const rows = installed ? await tx.query<{ name: string }[]>('select name from partner_program.migration') : [];
  const done = new Set(rows.map(({ name }) => name));
  const known = partnerProgramMigrations.map(({ name }) => name);
  return {
    pending: known.filter((name) => !done.has(name)),
    unknown: [...done].filter((name) => !known.includes(name)),
  };
}
