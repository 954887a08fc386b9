import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { referenceCrmMigrations } from '../../migrations/reference-crm';
import { partnerProgramMigrations } from '../../modules';
import { CLIENTS, CONTRACTS, OUTSIDERS, PAYOUTS, PEOPLE, PLANS, REFERRALS } from '../../src/crm/demo/demo-data';
import { testCluster, withDatabase } from '../support/cluster';
import { eventually } from '../support/eventually';
import { expectIntegrity } from '../support/oracle';
import { Build, ProgramProcess } from '../support/processes';

const { name: role, ownerUrl } = testCluster();
const running: ProgramProcess[] = [];
let build: Build;
let server: DataSource;
let owner: DataSource;
let databaseName: string;

beforeAll(async () => {
  build = Build.made();
  databaseName = `${role}_${randomBytes(6).toString('hex')}`;
  server = await new DataSource({ type: 'postgres', url: ownerUrl, poolSize: 1 }).initialize();
  await server.query(`create database ${databaseName}`);
  owner = await new DataSource({ type: 'postgres', url: withDatabase(ownerUrl, databaseName) }).initialize();
}, 120_000);
afterAll(async () => {
  for (const one of running) await one.kill();
  await owner.destroy();
  await server.query(`drop database ${databaseName} with (force)`);
  await server.destroy();
});

/** A whole application on the database, which it brings up to date and fills with the demo by itself. */
async function start(): Promise<ProgramProcess> {
  const url = new URL(withDatabase(ownerUrl, databaseName));
  url.username = url.password = role;
  const one = await ProgramProcess.spawn(build, {
    MIGRATE: 'true',
    DATABASE_OWNER_URL: withDatabase(ownerUrl, databaseName),
    DATABASE_URL: url.href,
    SESSION_SECRET: 'the tests need no better secret than this',
  });
  running.push(one);
  return one;
}

/** What it wrote as lines of its log, above mere information. */
const complaints = ({ output }: ProgramProcess): { level: string; msg: string }[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { level: string; msg: string })
    .filter(({ level }) => level !== 'info');

const count = async (table: string): Promise<number> =>
  Number((await owner.query<{ count: string }[]>(`select count(*) from ${table}`))[0]!.count);

describe('whole applications on one database', () => {
  it('[F18] start together on an empty one: it is migrated once and filled once, and neither complains', async () => {
    const both = await Promise.all([start(), start()]);
    await Promise.all(both.map((one) => one.ready()));
    for (const one of both) {
      await eventually(() => expect(one.output).toContain('Listening at'), { timeoutMs: 120_000 });
    }
    expect(await count('crm.migration')).toBe(referenceCrmMigrations.length);
    expect(await count('partner_program.migration')).toBe(partnerProgramMigrations.length);
    expect(await count('crm."user"')).toBe(PEOPLE.length + 1);
    const approved = REFERRALS.filter((referral) => referral.approved).length;
    expect(await count('crm.client')).toBe(CLIENTS.length + approved);
    expect(await count('crm.contract')).toBe(CONTRACTS.length);
    expect(await count('partner_program.plan_version')).toBe(PLANS.length);
    expect(await count('partner_program.terms_version')).toBe(1);
    const joined = [...PEOPLE.filter(({ joins }) => joins !== null), ...OUTSIDERS].length;
    const newcomers = 1;
    expect(await count('partner_program.partner')).toBe(joined + newcomers);
    expect(await count('partner_program.withdrawal')).toBe(PAYOUTS.length);
    await expectIntegrity(owner);
    expect(both.map(complaints)).toEqual([[], []]);
  }, 300_000);

  it('[F18] start on one that is ahead of them, and say so', async () => {
    const newer = 'Later9999999999999';
    await owner.query(`insert into partner_program.migration (timestamp, name) values (9999999999999, $1)`, [newer]);
    await owner.query(`alter table partner_program.partner add column of_later text`);
    const old = await (await start()).ready();
    expect(complaints(old)).toMatchObject([{ level: 'warn', msg: expect.stringContaining(newer) }]);
  }, 120_000);

  it('do not start on one of a version before 0.1.0, and say so', async () => {
    const first = { timestamp: '1763741000000', name: 'Foundation1763741000000' };
    const migrations = () => owner.query('select timestamp, name from partner_program.migration');
    await owner.query('truncate partner_program.migration');
    await owner.query('insert into partner_program.migration (timestamp, name) values ($1, $2)', Object.values(first));
    const refused = await start();
    expect(await refused.ended()).toBe(1);
    expect(refused.output).toContain('INSTALLATION_TOO_OLD: a version before 0.1.0 made the tables');
    expect(await migrations()).toEqual([first]);
  }, 120_000);
});
