import { request } from 'node:http';
import { CookieAccessInfo } from 'cookiejar';
import { bootApp, type Agent, type TestApp } from '../../../../support/app';
import { eventually } from '../../../../support/eventually';
import { Office, PDF, type Member } from '../../../../support/program';

jest.setTimeout(90_000);

let app: TestApp;
let office: Office;
let seller: Member;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000);
  seller = await office.member();
});
afterAll(() => app.close());

const MB = 1024 * 1024;
const statusesOf = async (requests: readonly PromiseLike<{ status: number }>[]) =>
  (await Promise.all(requests)).map(({ status }) => status);

/** A request whose sender goes away as soon as the server has it in hand. */
async function askAndGoAway(agent: Agent, path: string): Promise<void> {
  const { hostname, port } = new URL(app.url);
  const cookie = agent.jar.getCookies(new CookieAccessInfo(hostname, '/', false, false)).toValueString();
  const call = request({ hostname, port, path, headers: { cookie } }).on('error', () => undefined);
  call.end();
  await eventually(async () => expect(await waiting()).toBeGreaterThan(0));
  call.destroy();
}

/** Queries of the application that wait for a lock. */
const waiting = async (): Promise<number> => {
  const [row] = await app.owner.query<{ n: number }[]>(
    `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  return row!.n;
};

describe('[F87] what takes long', () => {
  it('[F23] is uploaded by one person once at a time: fifty of the largest take no more memory than a few', async () => {
    const largest = Buffer.concat([PDF.subarray(0, 9), Buffer.alloc(10 * MB - PDF.length, '%\n'), PDF.subarray(9)]);
    const upload = () =>
      office.admin.post('/partner-program/terms').field('title', 'Large').attach('file', largest, 'terms.pdf');
    await upload().expect(201);
    // What the server holds of bodies: outside of the heap, where the tests hold one copy of the file for all.
    let most = 0;
    const start = process.memoryUsage().arrayBuffers;
    const look = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - start)), 5);
    const statuses = await statusesOf(Array.from({ length: 50 }, upload));
    clearInterval(look);
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1);
    expect(statuses.filter((status) => status !== 201 && status !== 429)).toEqual([]);
    expect(most / MB).toBeLessThan(200);
    await upload().expect(201);
  });

  it.each([
    ['a table of the history', () => `/partners/${seller.partnerId}/entries.csv`],
    ['a statement', () => `/partners/${seller.partnerId}/statement.pdf`],
    ['the audit log', () => '/audit.csv'],
    ['a check of the books', () => '/integrity'],
    ['a derivation of everything', () => '/rederivation'],
  ])('is prepared for one person once at a time: %s', async (_, path) => {
    const ask = (agent: Agent) => agent.get(`/partner-program${path()}`);
    const statuses = await statusesOf(Array.from({ length: 10 }, () => ask(office.admin)));
    expect(statuses).toContain(200);
    expect(statuses).toContain(429);
    expect(statuses.every((status) => status === 200 || status === 429)).toBe(true);
    await ask(office.admin).expect(200);
  });

  it('says when to ask again', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => office.admin.get('/partner-program/integrity')));
    const refused = replies.find(({ status }) => status === 429)!;
    expect(refused.body).toMatchObject({ code: 'STILL_UNDER_WAY', retryAfterSeconds: 5 });
    expect(refused.headers['retry-after']).toBe('5');
  });

  it('goes on counting for somebody who asked and went away, until it is done', async () => {
    const path = '/partner-program/integrity';
    const lock = app.owner.createQueryRunner();
    await lock.startTransaction();
    try {
      await lock.query('lock table partner_program.entry in access exclusive mode');
      await askAndGoAway(office.admin, path);
      await office.admin.get(path).expect(429);
    } finally {
      await lock.rollbackTransaction();
      await lock.release();
    }
    await eventually(() => office.admin.get(path).expect(200));
  });
});
