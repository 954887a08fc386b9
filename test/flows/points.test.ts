import { PartnerProgram } from '../../modules';
import type { TestApp } from '../support/app';
import { bootApp } from '../support/app';
import { eventually } from '../support/eventually';
import { PUNKTY } from '../support/known-program';
import { pdfFrom, textsOf } from '../support/pdf';
import { Office } from '../support/program';
import type { Member } from '../support/program';

const IBAN = 'PL61 1090 1014 0000 0712 1981 2874';
const WITHDRAWALS = '/partner-program/withdrawals';
const spaced = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

let app: TestApp;
let office: Office;
let manager: Member;
let seller: Member;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.admin.post('/partner-program/units').send(PUNKTY).expect(201);
  manager = await office.member(undefined, { locale: 'en' });
  seller = await office.member(manager, { locale: 'pl' });
});
afterAll(() => app.close());

const walletOf = async ({ partnerId, agent }: Member, currency = 'PUNKTY') => {
  const { body } = await agent.get(`/partner-program/partners/${partnerId}/wallets`).expect(200);
  return (body as { data: { currency: string }[] }).data.find((wallet) => wallet.currency === currency);
};
const page = async ({ agent }: Pick<Member, 'agent'>, path: string) =>
  spaced((await agent.get(path).set('accept', 'text/html').expect(200)).text);
const ask = (amountMinor: number, currency = 'PUNKTY') =>
  seller.agent.post(WITHDRAWALS).send({ amountMinor, currency });

async function asked(amountMinor: number, currency?: string): Promise<string> {
  return ((await ask(amountMinor, currency).expect(201)).body as { id: string }).id;
}

it('[P12] a plan in points pays points for a contract that is told in points', async () => {
  const levels = [
    { level: 0, rateBps: 1000 },
    { level: 1, amountMinor: 5 },
  ];
  await office.plan({ kind: 'levels', currency: 'PUNKTY', levels });
  const change = {
    id: 'points/1',
    number: 'P/1',
    version: 1,
    status: 'signed',
    sellerId: seller.id,
    clientId: null,
    valueMinor: 12_509,
    currency: 'PUNKTY',
    product: null,
    refundBps: null,
    occurredAt: new Date(Date.now() - 1),
  };
  await app.db.transaction((tx) => app.nest.get(PartnerProgram).contractChanged(tx, change));
  await office.settled();
  expect(await walletOf(seller)).toMatchObject({ availableMinor: 1_250, totalMinor: 1_250 });
  expect(await walletOf(manager)).toMatchObject({ availableMinor: 5 });
  const unknown = { ...change, id: 'points/2', currency: 'PKT' };
  await expect(
    app.db.transaction((tx) => app.nest.get(PartnerProgram).contractChanged(tx, unknown)),
  ).rejects.toMatchObject({ code: 'CURRENCY_UNKNOWN' });
});

it('[Q5] [Q11] pages and statements say points in the language of the reader', async () => {
  expect(await page(seller, '/partner-program')).toContain('1 250 punktów');
  expect(await page(manager, '/partner-program')).toContain('5 points');
  const path = (file: string) => `/partner-program/partners/${seller.partnerId}/${file}`;
  const { text } = await seller.agent.get(path('entries.csv')).expect(200);
  expect(text).toContain('"1250";"PUNKTY";"1250"');
  const document = textsOf(await pdfFrom(seller.agent, path('statement.pdf')))
    .map(spaced)
    .join('\n');
  expect(document).toContain('+1 250 punktów');
});

it('[P16] [P17] points are asked for in whole ones, without an account, and paid or rejected by hand', async () => {
  await seller.agent
    .put('/partner-program/payout-account')
    .send({ kind: 'iban', value: IBAN, holder: 'Jan' })
    .expect(200);
  const form = (amountMinor: string) =>
    seller.agent.post(WITHDRAWALS).type('form').set('accept', 'text/html').send({ amountMinor, currency: 'PUNKTY' });
  await form('12,5').expect(400);
  await form('1 250').expect(303);
  const { body } = await seller.agent.get(WITHDRAWALS).expect(200);
  const [request] = (body as { data: { id: string; amountMinor: number; account: object | null }[] }).data;
  expect(request).toMatchObject({ amountMinor: 1_250, currency: 'PUNKTY', account: null });
  await eventually(async () => {
    const mails = (await app.mails()).filter(({ to }) => to === seller.email);
    expect(mails.map(({ subject }) => spaced(subject)).join()).toContain('1 250 punktów');
  });
  await office.admin.post(`${WITHDRAWALS}/${request!.id}/rejection`).send({ reason: 'too many at once' }).expect(201);
  const id = await asked(1_000);
  expect(await page({ agent: office.admin }, `${WITHDRAWALS}/${id}`)).toContain('1 000 punktów');
  await office.admin.post(`${WITHDRAWALS}/${id}/payout`).send({}).expect(201);
  expect(await walletOf(seller)).toMatchObject({ availableMinor: 250, heldMinor: 0, paidOutMinor: 1_000 });
});

it('[P17] no bank is told to pay points', async () => {
  const points = await asked(250);
  for (const format of ['csv', 'pain001']) {
    for (const query of ['', `&ids=${points}`]) {
      const path = `${WITHDRAWALS}/payment-file?format=${format}${query}`;
      const { body } = await office.admin.get(path).expect(422);
      expect(body).toMatchObject({ code: 'UNIT_NOT_MONEY', currency: 'PUNKTY', withdrawalIds: [points] });
    }
  }
  const adjustment = { amountMinor: 50_00, currency: 'PLN', reason: 'to have money too' };
  await office.admin.post(`/partner-program/partners/${manager.partnerId}/adjustments`).send(adjustment).expect(201);
  const ask = { amountMinor: 50_00, currency: 'PLN' };
  await manager.agent.post(WITHDRAWALS).send(ask).expect(201);
  const { text } = await office.admin.get(`${WITHDRAWALS}/payment-file?format=csv`).expect(200);
  expect(text.trim().split('\n')).toHaveLength(2);
  expect(text).not.toContain('PUNKTY');
});

it('[P14] [Q9] balances are corrected and plans tried in points', async () => {
  const path = `/partner-program/partners/${manager.partnerId}/adjustments`;
  const form = (amountMinor: string) =>
    office.admin
      .post(path)
      .type('form')
      .set('accept', 'text/html')
      .send({ amountMinor, currency: 'PUNKTY', operation: 'credit', reason: 'a prize of the quarter' });
  await form('2,5').expect(400);
  await form('20').expect(303);
  expect(await walletOf(manager)).toMatchObject({ availableMinor: 25 });
  const draft = { name: 'Try', kind: 'levels', currency: 'PUNKTY', levels: [{ level: 0, rateBps: 100 }] };
  const { body } = await office.admin.post('/partner-program/plans').send(draft).expect(201);
  const { versionId } = body as { versionId: string };
  const window = { from: '2026-01-01', to: new Date().toISOString() };
  const report = await office.admin.post(`/partner-program/plans/${versionId}/simulation`).send(window).expect(200);
  expect(report.body).toMatchObject({ currency: 'PUNKTY' });
});
