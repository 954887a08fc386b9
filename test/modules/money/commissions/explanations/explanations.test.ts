import { bootApp, type Agent, type TestApp } from '../../../../support/app';
import { type Member, Office } from '../../../../support/program';

let app: TestApp;
let office: Office;
let director: Member;
let manager: Member;
let seller: Member;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  director = await office.member();
  manager = await office.member(director);
  seller = await office.member(manager);
  await office.plan({
    name: 'Poziomy',
    kind: 'levels',
    levels: [
      { level: 0, rateBps: 1250 },
      { level: 1, rateBps: 500 },
      { level: 2, amountMinor: 10_00 },
    ],
  });
});
afterAll(() => app.close());

async function historyOf({ partnerId, agent }: Member) {
  const { body } = await agent.get(`/partner-program/partners/${partnerId}/entries`).expect(200);
  return body.data as { id: string; kind: string; amountMinor: number; contractId: string }[];
}

async function explain(agent: Agent, partnerId: string, entryId: string, status = 200) {
  const path = `/partner-program/partners/${partnerId}/entries/${entryId}/explanation`;
  return (await agent.get(path).expect(status)).body;
}

it('[Q2] [Q5] explains a commission: base, rate, rounding, rule and the way up to oneself', async () => {
  const contract = await office.contract(seller, 12_345_67, { number: 'U/7/2026' });
  await office.status(contract, 'signed');
  await office.settled();
  const [own] = await historyOf(seller);
  expect(await explain(seller.agent, seller.partnerId, own!.id)).toMatchObject({
    contract: { id: contract, number: 'U/7/2026' },
    plan: { name: 'Poziomy', number: 1 },
    basisMinor: 12_345_67,
    rateBps: 1250,
    uncappedMinor: 1_543_20,
    roundedOff: 8750,
    cappedMinor: 0,
    amountMinor: own!.amountMinor,
    path: [{ level: 0, isOwn: true }],
  });
  const [above] = await historyOf(manager);
  const explained = await explain(manager.agent, manager.partnerId, above!.id);
  expect(explained).toMatchObject({ rateBps: 500, amountMinor: 617_28, roundedOff: 3500 });
  expect(explained.path).toEqual([
    { level: 1, name: expect.any(String), isOwn: true },
    { level: 0, name: expect.any(String), isOwn: false },
  ]);
  const [top] = await historyOf(director);
  expect(await explain(director.agent, director.partnerId, top!.id)).toMatchObject({
    rateBps: null,
    amountMinor: 10_00,
  });
});

it('[Q2] [Q4] explains what was taken back: of what, how much, and what stood there before', async () => {
  const contract = await office.contract(manager, 1_000_01);
  await office.status(contract, 'signed');
  await office.settled();
  await office.status(contract, 'refunded', 3000);
  await office.settled();
  const [reversal] = await historyOf(manager);
  expect(reversal).toMatchObject({ kind: 'reversal', amountMinor: -37_50 });
  expect(await explain(manager.agent, manager.partnerId, reversal!.id)).toMatchObject({
    step: { kind: 'reversal' },
    ruleMinor: 125_00,
    reversedBps: 3000,
    takenBackMinor: 37_50,
    beforeMinor: 125_00,
    amountMinor: -37_50,
  });
});

it('[P13] [F69] shows administrators the whole path with amounts, and nobody what is not theirs', async () => {
  const [entry] = await historyOf(manager);
  const { path } = await explain(office.admin, manager.partnerId, entry!.id);
  expect(path.map(({ amountMinor, reason }: { amountMinor: number; reason: string }) => [amountMinor, reason])).toEqual(
    [
      [50_00, 'PAID'],
      [125_00, 'PAID'],
    ],
  );
  await explain(seller.agent, manager.partnerId, entry!.id, 404);
  await explain(director.agent, manager.partnerId, entry!.id, 404);
  await explain(director.agent, director.partnerId, entry!.id, 404);
  await explain(manager.agent, manager.partnerId, '1-1', 404);
  await explain(manager.agent, manager.partnerId, "1-1' or 1=1", 404);
});

it('[Q2] names nobody who stands elsewhere by now', async () => {
  const commission = (await historyOf(manager)).findLast(({ kind }) => kind === 'commission');
  const move = { sponsorId: director.partnerId, reason: 'Nowy region' };
  await office.admin.post(`/partner-program/partners/${seller.partnerId}/placements`).send(move).expect(201);
  const { path } = await explain(manager.agent, manager.partnerId, commission!.id);
  expect(path).toEqual([
    { level: 1, name: expect.any(String), isOwn: true },
    { level: 0, name: null, isOwn: false },
  ]);
});

it('[Q2] [Q4] tells apart what one event took back and what it paid anew', async () => {
  const place = (sponsorId: string) =>
    office.admin
      .post(`/partner-program/partners/${seller.partnerId}/placements`)
      .send({ sponsorId, reason: 'Elsewhere for a while' })
      .expect(201);
  await place(manager.partnerId);
  const contract = await office.contract(seller, 1_000_00);
  await office.status(contract, 'signed');
  await office.settled();
  await office.status(contract, 'refunded', 3000);
  await office.settled();
  const newcomer = await office.member(manager);
  await place(newcomer.partnerId);
  await office.status(contract, 'signed');
  await office.settled();
  const of = async (member: Member) => {
    const entries = (await historyOf(member)).filter(({ contractId }) => contractId === contract).slice(0, 2);
    const told = entries.map(({ id }) => explain(member.agent, member.partnerId, id));
    return (await Promise.all(told)).map(({ step, amountMinor, entry }, i) => {
      expect(amountMinor).toBe(entries[i]!.amountMinor);
      return [step.kind, entry.level, amountMinor];
    });
  };
  expect(await of(seller)).toEqual([
    ['accrual', 0, 125_00],
    ['reversal', 0, -87_50],
  ]);
  expect(await of(manager)).toEqual([
    ['accrual', 2, 10_00],
    ['reversal', 1, -35_00],
  ]);
  expect(await of(newcomer)).toEqual([['accrual', 1, 50_00]]);
});
