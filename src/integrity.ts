import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { checkIntegrity } from '../modules';
import { loadEnvFile, readConfig } from './config';
import { openDatabase } from './database/open-database';

/** `npm run integrity`: recomputes every invariant of the program's books; exit code 1 when one is broken. @see Q6 */
async function main(): Promise<boolean> {
  loadEnvFile();
  const database = await openDatabase(readConfig(process.env));
  try {
    const db = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    const { ok, checks, seal } = await checkIntegrity(db);
    for (const check of checks) {
      console.log(`${check.ok ? 'holds ' : 'BROKEN'}  ${check.id.padEnd(3)}  ${check.what}`);
      for (const row of check.rows) console.log(`          ${JSON.stringify(row)}`);
    }
    if (seal) console.log(`Seal ${seal.number} of ${seal.sealedAt.toISOString()}, to be kept elsewhere: ${seal.hash}`);
    console.log(ok ? 'Everything holds.' : 'The books are not in order: pay nothing out before this is explained.');
    await db.destroy();
    return ok;
  } finally {
    await database.close();
  }
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
