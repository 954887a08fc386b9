import { runCommandLine } from '../modules';
import { loadEnvFile, readConfig } from './config';
import { openDatabase } from './database/open-database';

/** `npm run partner-program -- doctor`: the program's own commands on the database of this CRM, also while it runs. */
async function main(args: readonly string[]): Promise<number> {
  loadEnvFile();
  const database = await openDatabase(readConfig(process.env), { shared: true });
  try {
    process.env.DATABASE_URL = args[0] === 'migrate' ? database.ownerUrl : database.url;
    return await runCommandLine(args);
  } finally {
    await database.close();
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(2);
  },
);
