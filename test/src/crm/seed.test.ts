import { TestClock } from '../../../modules';
import { DEMO_PASSWORD, beginningOf, seedDemo } from '../../../src/crm/seed';
import { bootApp, type TestApp } from '../../support/app';

const END = new Date('2026-11-30T12:00:00Z');
const DAY_MS = 86_400_000;

let app: TestApp;
let clock: TestClock;
beforeEach(async () => {
  app = await bootApp();
  clock = new TestClock(app.nest, app.owner, ['crm.now_ms']);
  await clock.begin(beginningOf(END));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
  clock.forget();
});

/** What the demo consists of, by numbers. */
async function contents(): Promise<Record<string, unknown>> {
  const [row] = await app.owner.query(`select
    (select count(*)::int from crm."user") as users,
    (select count(*)::int from crm.client) as clients,
    (select count(*)::int from crm.contract) as contracts,
    (select count(*)::int from crm.contract_change) as changes,
    (select count(*)::int from partner_program.partner) as partners,
    (select count(*)::int from partner_program.transaction where kind = 'commission') as accruals,
    (select count(*)::int from partner_program.transaction where kind = 'reversal') as reversals,
    (select count(*)::int from partner_program.transaction where kind = 'release') as releases,
    (select count(*)::int from partner_program.transaction where kind = 'adjustment') as corrections,
    (select json_object_agg(status, n) from (select status, count(*)::int as n from partner_program.withdrawal group by 1) s)
      as withdrawals,
    (select json_object_agg(status, n) from (select status, count(*)::int as n from partner_program.client_link group by 1) s)
      as referrals,
    (select count(*)::int from partner_program.invitation where registered_at is null) as "open invitations"`);
  return row;
}

it('tells fourteen months of a company, each day on its day, once', async () => {
  const { logins } = await seedDemo(app.url, app.db, clock);
  const told = await contents();
  expect(told).toMatchObject({
    users: 8,
    clients: 11,
    contracts: 62,
    partners: 8,
    corrections: 1,
    withdrawals: { pending: 1, rejected: 1 },
    referrals: { approved: 2, submitted: 1 },
    'open invitations': 1,
  });
  expect(await seedDemo(app.url, app.db, clock)).toEqual({ logins });
  expect(await contents()).toEqual(told);

  const [span] = await app.owner.query<Record<string, Date>[]>(`select
    (select min(joined_at) from partner_program.partner) as joined,
    (select min(occurred_at) from partner_program.contract_event) as first,
    (select max(occurred_at) from partner_program.contract_event) as last,
    (select max(recorded_at) from partner_program.entry) as posted`);
  const beginning = beginningOf(END).getTime();
  expect(span!.joined!.getTime() - beginning).toBeLessThan(3 * DAY_MS);
  expect(span!.first!.getTime() - beginning).toBeLessThan(25 * DAY_MS);
  expect(END.getTime() - span!.last!.getTime()).toBeLessThan(20 * DAY_MS);
  expect(span!.posted!.getTime()).toBeLessThan(END.getTime());

  const seller = await app.login('katarzyna.wojcik@crm.example', DEMO_PASSWORD);
  const { body } = await seller.get('/partner-program').expect(200);
  const [wallet] = (body as { wallets: Record<string, number>[] }).wallets;
  for (const part of ['availableMinor', 'heldMinor', 'forecastMinor', 'paidOutMinor']) {
    expect([part, wallet![part]! > 0]).toEqual([part, true]);
  }
  const outsider = app.anonymous();
  const login = { email: 'zofia.krol@studio.example', password: DEMO_PASSWORD };
  await outsider.post('/partner-program/sessions').send(login).expect(201);
  const own = await outsider.get('/partner-program/commissions?state=posted&level=0').expect(200);
  expect((own.body as { data: { attribution: string }[] }).data[0]).toMatchObject({ attribution: 'clientLink' });
  const clients = (await seller.get('/crm/clients').expect(200)).body.data as { name: string; isPartner: boolean }[];
  expect(clients.filter(({ isPartner }) => isPartner).map(({ name }) => name)).toEqual(['Rafael Souza Consultoria']);
}, 120_000);

it('goes on where it was stopped, whatever had just been answered', async () => {
  const reach = globalThis.fetch;
  let left = 0;
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (...request) => {
    const response = await reach(...request);
    if (left-- === 0) throw new Error('the seeding process was killed');
    return response;
  });
  const seededWithin = async (requests: number) => {
    left = requests;
    return seedDemo(app.url, app.db, clock).catch(() => null);
  };
  // Each attempt is stopped right after a request that the application has answered, and gets a little further.
  for (let attempts = 0; (await seededWithin(7 + attempts * 4)) === null; attempts++) expect(attempts).toBeLessThan(60);
  expect(await contents()).toMatchObject({
    users: 8,
    clients: 11,
    contracts: 62,
    partners: 8,
    corrections: 1,
    withdrawals: { pending: 1, rejected: 1 },
    referrals: { approved: 2, submitted: 1 },
    'open invitations': 1,
  });
}, 240_000);
