import { DEMO_PASSWORD, seedDemo } from '../../../src/crm/seed';
import { bootApp, type TestApp } from '../../support/app';

let app: TestApp;
beforeEach(async () => {
  app = await bootApp();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
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
    (select count(*)::int from partner_program.transaction where kind = 'adjustment') as corrections,
    (select count(*)::int from partner_program.withdrawal where status = 'pending') as "waiting withdrawals"`);
  return row;
}

const DEMO = {
  users: 8,
  clients: 5,
  contracts: 7,
  changes: 17,
  partners: 5,
  accruals: 5,
  corrections: 1,
  'waiting withdrawals': 1,
};

it('makes a company with partners, contracts and full wallets, once', async () => {
  const { logins } = await seedDemo(app.url, app.db);
  expect(await contents()).toEqual(DEMO);
  expect(await seedDemo(app.url, app.db)).toEqual({ logins });
  expect(await contents()).toEqual(DEMO);
  for (const { email } of logins) await app.login(email, DEMO_PASSWORD);
  const seller = await app.login('katarzyna.wojcik@crm.example');
  const { body } = await seller.get('/partner-program').expect(200);
  const entries = await seller.get(`/partner-program/partners/${body.partner.id}/entries?kind=commission`).expect(200);
  // 5 % of 45 000,00 and of 18 500,50, rounded down.
  const earned = entries.body.data.map(({ amountMinor }: { amountMinor: number }) => amountMinor).sort();
  expect(earned).toEqual([2_250_00, 925_02]);
  const clients = (await seller.get('/crm/clients').expect(200)).body.data as { name: string; isPartner: boolean }[];
  expect(clients.filter(({ isPartner }) => isPartner).map(({ name }) => name)).toEqual(['Rafael Souza Consultoria']);
});

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
    return seedDemo(app.url, app.db).catch(() => null);
  };
  // Each attempt gets a little further, and is stopped right after a request that the application has answered.
  for (let requests = 0; (await seededWithin(requests)) === null; requests += 5) {
    expect(requests).toBeLessThan(200);
  }
  expect(await contents()).toEqual(DEMO);
}, 120_000);
