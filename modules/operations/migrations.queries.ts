import type { EntityManager } from 'typeorm';
import { partnerProgramMigrations } from '../../migrations';

/** The names of the module's migrations that this database has not seen; all of them where it knows nothing of us. */
export async function pendingMigrations(tx: EntityManager): Promise<string[]> {
  const [{ known }] = await tx.query<[{ known: boolean }]>(
    `select to_regclass('partner_program.migration') is not null as known`,
  );
  const done = known ? await tx.query<{ name: string }[]>('select name from partner_program.migration') : [];
  return partnerProgramMigrations.map(({ name }) => name).filter((name) => !done.some((row) => row.name === name));
}
