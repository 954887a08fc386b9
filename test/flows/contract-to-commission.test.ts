import { bootApp } from '../support/app';
import type { TestApp } from '../support/app';
import { Office } from '../support/program';
import type { Member } from '../support/program';

let app: TestApp;
let office: Office;
let director: Member;
let manager: Member;
let seller: Member;

beforeEach(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500, 200);
  director = await office.member();
  manager = await office.member(director);
  seller = await office.member(manager);
});
afterEach(() => app.close());

const balances = () => office.available(seller, manager, director);

it('[P12] credits everybody up the tree once, to the grosz, whoever tells it how often', async () => {
  const contract = await office.contract(seller, 33_33);
  await office.settled();
  expect(await balances()).toEqual([0, 0, 0]);
  await office.status(contract, 'signed');
  await office.settled();
  expect(await balances()).toEqual([3_33, 1_66, 66]);
  await office.status(contract, 'signed');
  await app.owner.query(
    `insert into partner_program.job (key, kind, payload)
     select 'told-again', kind, payload from partner_program.job where key like 'contract:%' order by id desc limit 1`,
  );
  await office.settled();
  expect(await balances()).toEqual([3_33, 1_66, 66]);
});

it('[P12] [Q4] pays once net for signed, cancelled and signed again, under the rules of the second signing', async () => {
  const contract = await office.contract(seller, 100_00);
  await office.status(contract, 'signed');
  await office.settled();
  expect(await balances()).toEqual([10_00, 5_00, 2_00]);
  await office.status(contract, 'cancelled');
  await office.settled();
  expect(await balances()).toEqual([0, 0, 0]);
  await office.levels(2000, 100);
  await office.status(contract, 'signed');
  await office.settled();
  expect(await balances()).toEqual([20_00, 1_00, 0]);
  const { body } = await seller.agent.get(`/partner-program/partners/${seller.partnerId}/entries`).expect(200);
  const history = body as { data: { kind: string; amountMinor: number; balanceAfterMinor: number }[] };
  expect(history.data).toMatchObject([
    { kind: 'commission', amountMinor: 20_00, balanceAfterMinor: 20_00 },
    { kind: 'reversal', amountMinor: -10_00, balanceAfterMinor: 0 },
    { kind: 'commission', amountMinor: 10_00, balanceAfterMinor: 10_00 },
  ]);
});

it('[Q4] [L5] adds partial refunds up to the whole and never past it', async () => {
  const contract = await office.contract(seller, 33_33);
  await office.status(contract, 'signed');
  await office.status(contract, 'refunded', 3333);
  await office.settled();
  expect(await balances()).toEqual([2_23, 1_11, 45]);
  await office.status(contract, 'refunded', 3333);
  await office.settled();
  expect(await balances()).toEqual([1_12, 56, 23]);
  await office.status(contract, 'refunded', 9000);
  await office.status(contract, 'cancelled');
  await office.settled();
  expect(await balances()).toEqual([0, 0, 0]);
});

it('[F31] posts the difference when the value changes, under the plan of the signing', async () => {
  const contract = await office.contract(seller, 100_00);
  await office.status(contract, 'signed');
  await office.settled();
  await office.levels(5000);
  await office.admin.patch(`/crm/contracts/${contract}`).send({ valueMinor: 150_00 }).expect(200);
  await office.settled();
  expect(await balances()).toEqual([15_00, 7_50, 3_00]);
  await office.admin.patch(`/crm/contracts/${contract}`).send({ valueMinor: 50_00 }).expect(200);
  await office.settled();
  expect(await balances()).toEqual([5_00, 2_50, 1_00]);
});

it('[P4] keeps the two hierarchies apart, both ways', async () => {
  const other = await office.member();
  await office.admin.patch(`/crm/users/${seller.id}`).send({ supervisorId: other.id }).expect(200);
  const first = await office.contract(seller, 100_00);
  await office.status(first, 'signed');
  await office.settled();
  expect(await office.available(seller, manager, director, other)).toEqual([10_00, 5_00, 2_00, 0]);

  await office.admin
    .post(`/partner-program/partners/${manager.partnerId}/placements`)
    .send({ sponsorId: other.partnerId, reason: 'Zmiana struktury' })
    .expect(201);
  const { body } = await office.admin.get(`/crm/users/${manager.id}`).expect(200);
  expect((body as { supervisorId: string }).supervisorId).toBe(director.id);
  const second = await office.contract(seller, 100_00);
  await office.status(second, 'signed');
  await office.settled();
  expect(await office.available(seller, manager, director, other)).toEqual([20_00, 10_00, 2_00, 2_00]);
});

it('[P13] previews what is posted and shows it beside, to a partner the own line only', async () => {
  const contract = await office.contract(seller, 33_33);
  const path = `/partner-program/contracts/${contract}/commission-preview`;
  const forecast = (await office.admin.get(path).expect(200)).body as Record<string, unknown>;
  expect(forecast).toMatchObject({
    state: 'forecast',
    basis: { amountMinor: 33_33, currency: 'PLN' },
    totalMinor: 5_65,
    lines: [
      { partnerId: seller.partnerId, level: 0, rateBps: 1000, amountMinor: 3_33, reason: 'PAID' },
      { partnerId: manager.partnerId, level: 1, rateBps: 500, amountMinor: 1_66, reason: 'PAID' },
      { partnerId: director.partnerId, level: 2, rateBps: 200, amountMinor: 66, reason: 'PAID' },
    ],
  });
  expect(forecast).not.toHaveProperty('posted');
  await office.status(contract, 'signed');
  await office.settled();
  await office.levels(9000);
  const posted = (await office.admin.get(path).expect(200)).body as Record<string, unknown>;
  expect(posted).toMatchObject({ state: 'posted', lines: forecast['lines'], totalMinor: 5_65, changedSince: ['plan'] });
  expect(posted['posted']).toMatchObject([{ amountMinor: 3_33 }, { amountMinor: 1_66 }, { amountMinor: 66 }]);
  const tried = await office.admin.get(`${path}?amountMinor=10000`).expect(200);
  expect(tried.body).toMatchObject({ totalMinor: 17_00 });
  const own = await manager.agent.get(path).expect(200);
  expect(own.body).toMatchObject({ totalMinor: 1_66, lines: [{ partnerId: manager.partnerId }] });
  const stranger = await office.member();
  await stranger.agent.get(path).expect(404);
  await office.admin.get('/partner-program/contracts/unknown/commission-preview').expect(404);
});

it('[P3] [P5] [P6] lets people join from the top down only, and only with the terms in force', async () => {
  const boss = await office.user();
  const clerk = await office.user({ supervisorId: boss.id });
  const refused = await office.join(clerk).expect(409);
  expect(refused.body).toMatchObject({ code: 'SUPERVISOR_NOT_JOINED', supervisor: { id: boss.id } });
  const gate = await clerk.agent.get('/partner-program/membership').expect(200);
  expect(gate.body).toMatchObject({ state: 'none', eligible: false, reasons: [{ code: 'SUPERVISOR_NOT_JOINED' }] });
  await clerk.agent.post('/partner-program/membership/reminders').send({}).expect(202);
  const again = await clerk.agent.post('/partner-program/membership/reminders').send({}).expect(429);
  expect(again.body).toMatchObject({ code: 'ALREADY_REMINDED' });
  const joined = await office.join(boss).expect(201);
  expect(joined.body).toMatchObject({ partner: { email: boss.email, status: 'active', sponsorId: null } });
  await office.join(clerk).expect(201);
  expect((await office.join(clerk).expect(409)).body).toMatchObject({ code: 'ALREADY_JOINED' });
  const late = await office.user();
  const outdated = await late.agent.post('/partner-program/membership').send({ termsVersionId: boss.id }).expect(409);
  expect(outdated.body).toMatchObject({ code: 'TERMS_OUTDATED', versionId: office.termsVersionId });
});

it('[P2] shows the program to holders of participate only, naming the permission to others', async () => {
  const outsider = await office.user({ permissions: [] });
  const refused = await outsider.agent.get('/partner-program/membership').expect(403);
  expect(refused.body).toMatchObject({ code: 'FORBIDDEN', permission: 'participate' });
  const page = await outsider.agent.get('/crm/contracts').set('Accept', 'text/html').expect(200);
  expect(page.text).not.toContain('Program partnerski');
  const menu = await seller.agent.get('/crm/contracts').set('Accept', 'text/html').expect(200);
  expect(menu.text).toContain('Program partnerski');
});
