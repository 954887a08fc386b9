import { bootApp, type TestApp } from '../../../support/app';
import { type Member, Office, type Person } from '../../../support/program';

let app: TestApp;
let office: Office;
let manager: Member;
let seller: Member;
let other: Member;
let payer: Person;
let contractId: string;
let withdrawalId: string;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500);
  manager = await office.member(undefined, { firstName: 'Maria', lastName: 'Zawadzka' });
  seller = await office.member(manager, { firstName: 'Sebastian', lastName: 'Zawadzki' });
  other = await office.member(undefined, { firstName: 'Olga', lastName: 'Zawada' });
  payer = await office.user({ permissions: ['manageBalances'] });
  contractId = await office.contract(seller, 10_000_00, { number: 'ZAW/2026/77' });
  await office.status(contractId, 'signed');
  await office.settled();
  const asked = await seller.agent
    .post('/partner-program/withdrawals')
    .send({ amountMinor: 300_00, currency: 'PLN' })
    .expect(201);
  withdrawalId = (asked.body as { id: string }).id;
  await payer.agent
    .post(`/partner-program/withdrawals/${withdrawalId}/payout`)
    .send({ reference: 'Przelew_100%' })
    .expect(201);
});
afterAll(() => app.close());

interface Found {
  readonly partners: { id: string; name: string }[];
  readonly contracts: { contractId: string; number: string }[];
  readonly withdrawals: { id: string }[];
}
const find = async ({ agent }: Pick<Person, 'agent'>, q: string) =>
  (await agent.get('/partner-program/search').query({ q }).expect(200)).body as Found;
const idsOf = ({ partners, contracts, withdrawals }: Found) => [
  partners.map(({ id }) => id).toSorted(),
  contracts.map((contract) => contract.contractId),
  withdrawals.map(({ id }) => id),
];
const NOTHING = [[], [], []];

it('[Q13] finds people, contracts and requests of the whole program for who manages balances', async () => {
  const everybody = [manager, seller, other].map(({ partnerId }) => partnerId).toSorted();
  expect(idsOf(await find(payer, 'zaw'))).toEqual([everybody, [contractId], [withdrawalId]]);
  expect(idsOf(await find(payer, '2026/77'))).toEqual([[], [contractId], []]);
  expect(idsOf(await find(payer, contractId))).toEqual([[], [contractId], []]);
  expect(idsOf(await find(payer, 'przelew_1'))).toEqual([[], [], [withdrawalId]]);
  expect(idsOf(await find(payer, withdrawalId.toUpperCase()))).toEqual([[], [], [withdrawalId]]);
  expect((await find(payer, '/77')).contracts).toMatchObject([
    { number: 'ZAW/2026/77', clientName: 'Klient', status: { key: 'signed' }, value: { amountMinor: 10_000_00 } },
  ]);
});

it('[Q13] finds for a partner the own downline, contracts with an own line and the own requests', async () => {
  expect(idsOf(await find(manager, 'zaw'))).toEqual([[seller.partnerId], [contractId], []]);
  expect(idsOf(await find(seller, 'ZAW/2026'))).toEqual([[], [contractId], []]);
  expect(idsOf(await find(seller, 'Przelew'))).toEqual([[], [], [withdrawalId]]);
});

it('[Q13] shows nothing foreign: neither to other partners nor to people without the permission', async () => {
  const viewer = await office.user({ permissions: ['viewAllPartners'] });
  const nobodies = [other, await office.user(), await office.user({ permissions: ['configure'] })];
  for (const q of ['zaw', 'ZAW/2026/77', contractId, 'Przelew', withdrawalId]) {
    for (const nobody of nobodies) expect([q, idsOf(await find(nobody, q))]).toEqual([q, NOTHING]);
    expect([q, idsOf(await find(manager, q))[2]]).toEqual([q, []]);
    expect([q, idsOf(await find(viewer, q)).slice(1)]).toEqual([q, [[], []]]);
  }
  expect((await find(viewer, 'zaw')).partners).toHaveLength(3);
  await app.anonymous().get('/partner-program/search?q=zaw').expect(401);
});

it('[Q13] takes what was typed as text, and nothing for nothing', async () => {
  for (const q of ['', '%', '_', '\\', '100%']) expect([q, idsOf(await find(payer, q))]).toEqual([q, NOTHING]);
});

it('[Q13] shows at most five of a kind', async () => {
  for (let n = 0; n < 6; n++) {
    await office.member(undefined, { firstName: 'Liczny', lastName: `Liczny${n}` });
    await office.contract(seller, 100_00, { number: `Liczny/${n}` });
  }
  await office.settled();
  const { partners, contracts } = await find(payer, 'liczny');
  expect([partners.length, contracts.length]).toEqual([5, 5]);
  expect((await find(seller, 'liczny')).contracts).toHaveLength(5);
});
