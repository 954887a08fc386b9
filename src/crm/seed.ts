import { hash } from '@node-rs/argon2';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { TestClock } from '../../modules';
import { CRM_PERMISSIONS } from './crm.entities';
import { DemoClient } from './demo/demo-client';
import { OUTSIDERS, PEOPLE, TODAY } from './demo/demo-data';
import { historyOf } from './demo/demo-history';
import { DemoOffice } from './demo/demo-office';

export const DEMO_PASSWORD = 'partner-program';
const ADMINISTRATOR = 'admin@crm.example';
/** The number under which one process at a time seeds; any other waits, and then finds it done. */
const SEED_LOCK = 7_266_003;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

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
 * Fills an empty installation with the history of a small company, by sending the application the requests that its people
 * would have sent, each on its day. What was done is written down day by day, and every step looks first at what is already
 * there: stopped half-way, it goes on from there when run again; once it was through, it never touches anything any more.
 *
 * @param baseUrl where the application listens
 * @param clock   stands at the beginning of the history, and at its end afterwards
 */
export async function seedDemo(baseUrl: string, db: DataSource, clock: TestClock): Promise<{ logins: Login[] }> {
  const turn = db.createQueryRunner();
  try {
    await turn.query('select pg_advisory_lock($1)', [SEED_LOCK]);
    if (!(await isDone(db, 'demo'))) await tellHistory(baseUrl, db, clock);
  } finally {
    await turn.query('select pg_advisory_unlock($1)', [SEED_LOCK]).finally(() => turn.release());
  }
  const people = [...PEOPLE, ...OUTSIDERS].map(({ email, role }) => ({ email, role }));
  return { logins: [{ email: ADMINISTRATOR, role: 'administrator, every permission' }, ...people] };
}

/** When the history of an installation that is empty at a moment begins. */
export function beginningOf(end: Date): Date {
  const midnight = Math.floor(end.getTime() / DAY_MS - TODAY - 1) * DAY_MS;
  return new Date(midnight + 8 * HOUR_MS + 12 * 60_000);
}

async function tellHistory(baseUrl: string, db: DataSource, clock: TestClock): Promise<void> {
  await ensureAdministrator(db);
  await markDone(db, 'demo begun');
  const [begun] = await db.query<{ at: Date }[]>(`select completed_at as at from crm.seed where name = 'demo begun'`);
  const { at } = begun!;
  const outsiders = new Set(OUTSIDERS.map(({ email }) => email));
  const signIn = (email: string) =>
    DemoClient.signIn(
      baseUrl,
      email,
      DEMO_PASSWORD,
      outsiders.has(email) ? '/partner-program/sessions' : '/crm/sessions',
    );
  const office = new DemoOffice(await signIn(ADMINISTRATOR), signIn);
  for (const step of historyOf(DEMO_PASSWORD)) {
    const { day, name } = step;
    if (await isDone(db, `demo ${name}`)) continue;
    const moment = new Date(at.getTime() + day * DAY_MS + ((day * 7) % 8) * HOUR_MS);
    if (moment > clock.now()) await clock.leapTo(moment);
    await step.run(office);
    await markDone(db, `demo ${name}`);
  }
  await clock.leapTo(new Date(Math.max(clock.now().getTime(), at.getTime() + TODAY * DAY_MS)));
  await markDone(db, 'demo');
}

async function isDone(db: DataSource, name: string): Promise<boolean> {
  return (await db.query<unknown[]>('select from crm.seed where name = $1', [name])).length > 0;
}

async function markDone(db: DataSource, name: string): Promise<void> {
  await db.query('insert into crm.seed (name) values ($1) on conflict (name) do nothing', [name]);
}
