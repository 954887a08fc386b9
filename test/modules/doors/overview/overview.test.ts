import { bootApp, type TestApp } from '../../../support/app';
import { type Member, Office } from '../../../support/program';
import { statementsOf } from '../../../support/statements';
import { moneyOfProgram } from '../../../../modules/doors/overview/overview.queries';
import { startOfMonth } from '../../../../modules/kernel/day';

const OVERVIEW = '/partner-program/overview';

let app: TestApp;
let office: Office;
let manager: Member;
let seller: Member;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500);
  manager = await office.member();
  seller = await office.member(manager);
  await office.status(await office.contract(seller, 10_000_00), 'signed');
  const lost = await office.contract(manager, 1_000_00);
  await office.status(lost, 'signed');
  await office.settled();
  await office.status(lost, 'cancelled');
  await office.contract(seller, 2_000_00);
  await office.status(await office.contract(manager, 500_00), 'sent');
  await office.contract(await office.user(), 9_999_00);
  await office.settled();
  const weights = [{ status: 'sent', action: 'none', forecastWeightBps: 5_000 }];
  await office.admin.put('/partner-program/settings/contract-statuses').send(weights).expect(200);
  await office.plan({ kind: 'levels', currency: 'EUR', levels: [{ level: 0, rateBps: 100 }], holdingDays: 14 });
  await office.status(await office.contract(seller, 5_000_00, { currency: 'EUR' }), 'signed');
  await office.settled();
  await seller.agent.post('/partner-program/withdrawals').send({ amountMinor: 300_00, currency: 'PLN' }).expect(201);
  await seller.agent
    .post('/partner-program/client-links')
    .send({ name: 'Nowy klient', email: 'nowy@klient.example' })
    .expect(201);
  await app.owner.query(
    `insert into partner_program.job (key, kind, payload, status, finished_at)
     values ('dead:1', 'contract', '{}', 'dead', now())`,
  );
});
afterAll(() => app.close());

const pln = (amountMinor: number) => ({ amountMinor, currency: 'PLN' });
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const overview = async (agent = office.admin) =>
  (await agent.get(OVERVIEW).expect(200)).body as Record<string, Record<string, unknown>> & {
    partners: { active: number; newThisMonth: number; byMonth: { month: string; count: number }[] };
  };

it('[P24] has every figure exact, by currency, with reversals taken off', async () => {
  const { partners, ...shown } = await overview();
  expect(shown).toEqual({
    waiting: { withdrawals: { count: 1, totals: [pln(300_00)] }, approvals: 0, clientLinks: 1, deadJobs: 1 },
    commissions: { thisMonth: [eur(50_00), pln(1_500_00)], lastMonth: [] },
    // 10 % and 5 % of 2 000.00, 10 % of 500.00 at half the weight; who is no partner is not credited.
    forecast: [{ ...pln(350_00), weightedMinor: 325_00 }],
    liabilities: [
      { currency: 'EUR', availableMinor: 0, heldMinor: 0, maturingMinor: 50_00 },
      { currency: 'PLN', availableMinor: 1_200_00, heldMinor: 300_00, maturingMinor: 0 },
    ],
    top: [
      { partnerId: seller.partnerId, name: expect.any(String) as string, ...pln(1_000_00) },
      { partnerId: manager.partnerId, name: expect.any(String) as string, ...pln(500_00) },
      { partnerId: seller.partnerId, name: expect.any(String) as string, ...eur(50_00) },
    ],
  });
  expect(partners).toMatchObject({ active: 2, newThisMonth: 2 });
  expect(partners.byMonth).toHaveLength(12);
  expect(partners.byMonth.at(-1)).toEqual({
    month: startOfMonth(new Date(), 'Europe/Warsaw').toISOString(),
    count: 2,
  });
});

it('[P24] agrees with the forecasts that partners see, as long as nobody stands above or below them', async () => {
  const forecasts = await Promise.all(
    [manager, seller].map(async ({ agent }) => {
      const { totals } = (await agent.get('/partner-program/commissions?state=forecast').expect(200)).body as {
        totals: { amountMinor: number }[];
      };
      return totals[0]!.amountMinor;
    }),
  );
  expect((await overview())['forecast']).toMatchObject([pln(forecasts[0]! + forecasts[1]!)]);
});

it('[P24] leaves out what a permission does not cover', async () => {
  const shownTo = async (permission: string) => {
    const { agent } = await office.user({ permissions: [permission] });
    const { waiting, ...rest } = await overview(agent);
    return [Object.keys(waiting!).toSorted(), Object.keys(rest).toSorted()];
  };
  expect(await shownTo('manageBalances')).toEqual([
    ['approvals', 'clientLinks', 'withdrawals'],
    ['commissions', 'forecast', 'liabilities', 'partners', 'top'],
  ]);
  expect(await shownTo('configure')).toEqual([['clientLinks', 'deadJobs'], []]);
  expect(await shownTo('viewAllPartners')).toEqual([['approvals'], ['partners']]);
  const refused = await seller.agent.get(OVERVIEW).expect(403);
  expect(refused.text).not.toContain('1500');
});

it('[P24] asks the database eight times at most, those who ask who is there included', async () => {
  const { texts } = await statementsOf(app)(() => overview());
  expect(texts.length).toBeLessThanOrEqual(8);
});

it('[P24] [F16] begins the month where the program does', async () => {
  const runner = app.owner.createQueryRunner();
  await runner.startTransaction();
  try {
    await runner.query('set local session_replication_role = replica');
    for (const timeZone of ['Europe/Warsaw', 'America/Sao_Paulo', 'Pacific/Kiritimati']) {
      const begun = startOfMonth(new Date(), timeZone);
      const before = startOfMonth(new Date(begun.getTime() - 1), timeZone);
      const place = async (at: number) => {
        await runner.query(`update partner_program.entry set recorded_at = $1`, [new Date(at)]);
        const { thisMonth, lastMonth } = await moneyOfProgram(runner.manager, { timeZone, currency: 'PLN' });
        return [thisMonth.length, lastMonth.length];
      };
      expect(await place(begun.getTime())).toEqual([2, 0]);
      expect(await place(begun.getTime() - 1)).toEqual([0, 2]);
      expect(await place(before.getTime())).toEqual([0, 2]);
      expect(await place(before.getTime() - 1)).toEqual([0, 0]);
    }
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
});

it('[P24] is where administrators land who are no partners; who may join lands on joining', async () => {
  const landing = async ({ agent }: { agent: Member['agent'] }) =>
    (await agent.get('/partner-program').set('accept', 'text/html')).headers['location'];
  expect(await landing({ agent: office.admin })).toBe(OVERVIEW);
  for (const permission of ['manageBalances', 'configure', 'viewAllPartners']) {
    expect(await landing(await office.user({ permissions: [permission] }))).toBe(OVERVIEW);
  }
  expect(await landing(await office.user())).toBe('/partner-program/membership');
  expect(await landing(await office.user({ permissions: [] }))).toBeUndefined();
  expect(await landing(seller)).toBeUndefined();
  await office.admin.get('/partner-program').set('accept', 'application/json').expect(403);
});
