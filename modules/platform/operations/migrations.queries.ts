import type { EntityManager } from 'typeorm';
import { partnerProgramMigrations } from '../../../migrations';

/** What this version of the module and its database do not know of each other, by the names of migrations. */
export interface MigrationState {
  /** The database has not seen them; all of them where it knows nothing of us. */
  readonly pending: readonly string[];
  /** This version has not: the database is of a newer one. */
  readonly unknown: readonly string[];
  /** A version before 0.1.0 made the tables by these, which this version cannot take over. */
  readonly older: readonly string[];
}

export async function migrationState(tx: EntityManager): Promise<MigrationState> {
  const [{ installed }] = await tx.query<[{ installed: boolean }]>(
    `select to_regclass('partner_program.migration') is not null as installed`,
  );
  const rows = installed
    ? await tx.query<{ name: string }[]>('select name from partner_program.migration order by id')
    : [];
  const run = rows.map(({ name }) => name);
  const known = partnerProgramMigrations.map(({ name }) => name);
  const foreign = run.filter((name) => !known.includes(name));
  const isOlder = (name: string): boolean => timestampOf(name) < timestampOf(known[0]!);
  return {
    pending: known.filter((name) => !run.includes(name)),
    unknown: foreign.filter((name) => !isOlder(name)),
    older: foreign.filter(isOlder),
  };
}

/** `Foundation1764547200001` → 1764547200001. */
function timestampOf(migration: string): number {
  return Number(/\d{13}$/.exec(migration)?.[0]);
}

/** The tables are of a version before 0.1.0; they stay as they are. */
export class InstallationTooOld extends Error {
  constructor() {
    super('INSTALLATION_TOO_OLD: a version before 0.1.0 made the tables, and this one cannot take them over');
  }
}
