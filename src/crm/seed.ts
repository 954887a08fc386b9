import { hash } from '@node-rs/argon2';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { CRM_PERMISSIONS } from './crm.entities';
import { DemoClient } from './demo/demo-client';
import { PEOPLE } from './demo/demo-data';
import { seedPeople, seedPrograms, seedSales, seedWallets } from './demo/demo-steps';

export const DEMO_PASSWORD = 'partner-program';
const ADMINISTRATOR = 'admin@crm.example';
/** The number under which one process at a time seeds; any other waits, and then finds it done. */
const SEED_LOCK = 7_266_003;

export interface Login {
  readonly email: string;
  readonly role: string;
}

/**
 * Makes the first administrator, with every permission; leaves one that is there as it is. Needs the CRM's tables
 * and nothing else, so that it can run before the application does.
 */
export async function ensureAdministrator(
  db: DataSource,
  {
    email = ADMINISTRATOR,
    password = DEMO_PASSWORD,
    firstName = 'Anna',
    lastName = 'Nowak',
  }: { email?: string; password?: string; firstName?: string; lastName?: string } = {},
): Promise<void> {
  await db.query(
    `insert into crm."user" (id, email, first_name, last_name, password_hash, permissions)
     values ($1, $2, $3, $4, $5, $6) on conflict (lower(email)) do nothing`,
    [uuidv7(), email, firstName, lastName, await hash(password), [...CRM_PERMISSIONS]],
  );
}

/**
 * Fills an empty installation with a small company, by sending the application the requests that its people would
 * have sent. Every step looks first at what is already there: stopped half-way, it goes on from there when run
 * again; once it was through, it never touches anything any more.
 *
 * @param baseUrl where the application listens
 */
export async function seedDemo(baseUrl: string, db: DataSource): Promise<{ logins: Login[] }> {
  const turn = db.createQueryRunner();
  try {
    await turn.query('select pg_advisory_lock($1)', [SEED_LOCK]);
    await seedOnce(baseUrl, db);
  } finally {
    await turn.query('select pg_advisory_unlock($1)', [SEED_LOCK]).finally(() => turn.release());
  }
  const people = PEOPLE.map(({ email, role }) => ({ email, role }));
  return { logins: [{ email: ADMINISTRATOR, role: 'administrator, every permission' }, ...people] };
}

async function seedOnce(baseUrl: string, db: DataSource): Promise<void> {
  const [done] = await db.query<unknown[]>(`select from crm.seed where name = 'demo'`);
  if (done) return;
  await ensureAdministrator(db);
  const admin = await DemoClient.signIn(baseUrl, ADMINISTRATOR, DEMO_PASSWORD);
  const userIds = await seedPeople(admin, DEMO_PASSWORD);
  await seedPrograms(admin, (email) => DemoClient.signIn(baseUrl, email, DEMO_PASSWORD));
  const contractIds = await seedSales(admin, userIds);
  await seedWallets(admin, contractIds, (email) => DemoClient.signIn(baseUrl, email, DEMO_PASSWORD));
  await db.query(`insert into crm.seed (name) values ('demo')`);
}
