import 'reflect-metadata';
import { loadEnvFile, readConfig } from './config';
import { migrate } from './database/migrate';
import { openDatabase } from './database/open-database';

/**
 * `npm run migrate`: brings both schemas up to date and grants the application's role what it needs, as the role that
 * owns them. For installations whose processes start with `MIGRATE=false`.
 */
async function main(): Promise<void> {
  loadEnvFile();
  const database = await openDatabase(readConfig(process.env));
  try {
    await migrate(database.ownerUrl, database.appRole);
    console.log(`The database ${database.description} is up to date.`);
  } finally {
    await database.close();
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
