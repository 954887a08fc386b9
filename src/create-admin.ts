import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { isEmail } from 'class-validator';
import { DataSource } from 'typeorm';
import { loadEnvFile, readConfig } from './config';
import { CRM_PERMISSIONS, User } from './crm/crm.entities';
import { UsersService } from './crm/users.service';
import { migrate } from './database/migrate';
import { openDatabase } from './database/open-database';
import { StartError } from './start-error';

/** `npm run admin -- somebody@example.com`: an administrator for a CRM that has none, with a password shown once. */
async function main(email = ''): Promise<void> {
  if (!isEmail(email)) throw new StartError('Name the e-mail address: npm run admin -- somebody@example.com');
  loadEnvFile();
  const database = await openDatabase(readConfig(process.env));
  try {
    await migrate(database.ownerUrl, database.appRole);
    const password = randomBytes(15).toString('base64url');
    const db = await new DataSource({ type: 'postgres', url: database.url, entities: [User] }).initialize();
    const users = new UsersService(db);
    await users
      .create({ email, password, firstName: 'CRM', lastName: 'Administrator', permissions: [...CRM_PERMISSIONS] })
      .finally(() => db.destroy());
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
