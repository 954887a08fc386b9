import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { isEmail } from 'class-validator';
import { DataSource } from 'typeorm';
import { loadEnvFile, readConfig } from './config';
import { ensureAdministrator } from './crm/seed';
import { migrate } from './database/migrate';
import { openDatabase } from './database/open-database';
import { StartError } from './start-error';

/**
 * `npm run admin -- somebody@example.com`: an administrator for a CRM that has none, with a password shown once; also
 * while the program runs.
 */
async function main(email = ''): Promise<void> {
  if (!isEmail(email)) throw new StartError('Name the e-mail address: npm run admin -- somebody@example.com');
  loadEnvFile();
  const database = await openDatabase(readConfig(process.env), { shared: true });
  try {
    await migrate(database.ownerUrl, database.appRole);
    const db = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    const taken = await db.query<unknown[]>('select from crm."user" where lower(email) = lower($1)', [email]);
    if (taken.length > 0) throw new StartError(`${email} is a user of the CRM already; nothing was changed.`);
    const password = randomBytes(15).toString('base64url');
    // The real name is for the CRM's own page; until then the address says who it is.
    await ensureAdministrator(db, { email, password, firstName: 'Administrator', lastName: email.split('@')[0] });
    await db.destroy();
    console.log(`${email} can log in with the password ${password}`);
  } finally {
    await database.close();
  }
}

main(process.argv[2]).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
