import { randomUUID } from 'node:crypto';
import { bootApp, type Agent, type TestApp } from '../../../support/app';
import { expectIntegrity } from '../../../support/oracle';
import { Office } from '../../../support/program';
import { BASE, tillOf, type Wallet } from './till';

const IBAN = 'PL61109010140000071219812874';

const { aPartner, ask, asked, cancel, reject, walletOf } = tillOf(() => office);

let app: TestApp;
let office: Office;
let admin: Agent;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  ({ admin } = office);
});
afterAll(() => app.close());
afterEach(() => expectIntegrity(app.owner));

const times = <T>(count: number, work: (index: number) => PromiseLike<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** A moment, and 36 characters that are no UUID. */
const NO_PLACE = Buffer.from(JSON.stringify(['2026-01-01', '-'.repeat(36)])).toString('base64url');

describe('a request', () => {
  it('[P16] holds the amount and says what it is', async () => {
    const partner = await aPartner(100_00);
    const { body } = await ask(partner, 40_00, { note: 'za październik' }).expect(201);
    expect(body).toMatchObject({ status: 'pending', amountMinor: 40_00, currency: 'PLN', note: 'za październik' });
    expect(body).toMatchObject({ partnerId: partner.partnerId, settledAt: null, settledBy: null, account: null });
    expect(await walletOf(partner)).toEqual({
      totalMinor: 100_00,
      availableMinor: 60_00,
      heldMinor: 40_00,
      paidOutMinor: 0,
    });
    const dashboard = await partner.agent.get('/partner-program').expect(200);
    expect(dashboard.body).toMatchObject({
      pendingWithdrawal: { id: (body as { id: string }).id, amountMinor: 40_00 },
    });
  });

  it('[P16] is the only one: a second is refused with the name of the first', async () => {
    const partner = await aPartner(100_00);
    const id = await asked(partner, 40_00);
    const { body } = await ask(partner, 90_00).set('accept-language', 'en').expect(409);
    expect(body).toMatchObject({
      code: 'WITHDRAWAL_ALREADY_PENDING',
      withdrawalId: id,
      amount: { amountMinor: 40_00, currency: 'PLN' },
      requestedAt: expect.stringMatching(/Z$/) as string,
      detail: expect.stringContaining('40') as string,
    });
    await cancel(partner, id).expect(201);
    await asked(partner, 100_00);
  });

  it('[P16] asks for no more than is available and no less than the minimum', async () => {
    const partner = await aPartner(100_00);
    expect((await ask(partner, 100_01).expect(422)).body).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      availableMinor: 100_00,
    });
    expect((await ask(partner, 9_99).expect(422)).body).toMatchObject({
      code: 'BELOW_MINIMUM',
      minimum: { amountMinor: 10_00, currency: 'PLN' },
    });
    expect((await ask(partner, 50_00, { currency: 'EUR' }).expect(422)).body).toMatchObject({ availableMinor: 0 });
    await asked(partner, 100_00);
  });

  it('[P6] waits for the acceptance of new terms', async () => {
    const partner = await aPartner(100_00);
    await app.owner.query(`update partner_program.terms_version set require_acceptance = require_acceptance`);
    const { body } = await admin
      .post('/partner-program/terms')
      .field('title', 'Regulamin 2')
      .field('requireAcceptance', 'true')
      .attach('file', Buffer.from('%PDF-1.4\nnew\n%%EOF\n'), { filename: 'r.pdf', contentType: 'application/pdf' });
    const { versionId } = body as { versionId: string };
    await admin.post(`/partner-program/terms/${versionId}/publication`).expect(201);
    expect((await ask(partner, 40_00).expect(409)).body).toMatchObject({ code: 'TERMS_NOT_ACCEPTED' });
    await partner.agent.post('/partner-program/terms/acceptances').send({ versionId }).expect(201);
    await asked(partner, 40_00);
    await admin.post(`/partner-program/terms/${office.termsVersionId}/publication`).expect(201);
  });

  it('[F36] is refused for every amount that is no positive whole number within the limits', async () => {
    const partner = await aPartner(100_00);
    const bad = [
      -1,
      0,
      -0,
      1.5,
      1e21,
      2 ** 53 + 2,
      1_000_000_000_001,
      '10',
      '1e3',
      '0x10',
      '１０',
      null,
      true,
      [],
      {},
      [10],
    ];
    for (const amountMinor of [...bad, undefined]) {
      const { body } = await ask(partner, amountMinor).expect(400);
      expect(body).toMatchObject({ code: 'INVALID_INPUT', errors: [{ field: 'amountMinor' }] });
    }
    for (const json of ['9007199254740993', 'NaN', 'Infinity', '0x10', '1e400', '-0', '1_000', '"10"']) {
      const request = partner.agent.post(BASE).set('content-type', 'application/json');
      expect((await request.send(`{"amountMinor":${json},"currency":"PLN"}`)).status).toBe(400);
    }
    for (const currency of ['pln', 'P', 'PL-N', 'P'.repeat(13), '', null, 7]) {
      await ask(partner, 10_00, { currency }).expect(400);
    }
    for (const currency of ['PLNX', 'XAU', 'PUNKTY']) {
      const { body } = await ask(partner, 10_00, { currency }).expect(422);
      expect(body).toMatchObject({ code: 'CURRENCY_UNKNOWN', currency });
    }
    expect(await walletOf(partner)).toMatchObject({ availableMinor: 100_00, heldMinor: 0 });
  });

  it('[P16] [F44] lets one of two hundred simultaneous requests through', async () => {
    const partner = await aPartner(100_00);
    const replies = await times(200, () => ask(partner, 40_00));
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(199);
    expect(await walletOf(partner)).toMatchObject({ totalMinor: 100_00, heldMinor: 40_00, availableMinor: 60_00 });
  });

  it('[Q12] can be made with a form, in the habits of the language', async () => {
    const partner = await aPartner(2_500_00);
    const html = 'text/html';
    const page = await partner.agent.get(`${BASE}/request`).set('accept', html).expect(200);
    expect(page.text).toContain('name="amountMinor"');
    await partner.agent
      .post(BASE)
      .type('form')
      .set({ accept: html, 'accept-language': 'pl' })
      .send({ amountMinor: '1 234,50', currency: 'PLN', note: '' })
      .expect(303)
      .expect('location', /^\/partner-program\/withdrawals\/[0-9a-f-]{36}$/);
    expect(await walletOf(partner)).toMatchObject({ heldMinor: 1_234_50 });
    await partner.agent.get('/partner-program').set('accept', html).expect(200);
    await partner.agent.get(BASE).set('accept', html).expect(200);
    await admin.get(`${BASE}?status=pending`).set('accept', html).expect(200);
  });
});

describe('many at once', () => {
  it('[P17] [F47] pays those it can, says why not the others, and nothing twice', async () => {
    const partners = [await aPartner(50_00), await aPartner(50_00), await aPartner(50_00)];
    const ids = [await asked(partners[0]!, 20_00), await asked(partners[1]!, 20_00), await asked(partners[2]!, 20_00)];
    await reject(ids[1]!).expect(201);
    const unknown = randomUUID();
    const order = { ids: [...ids, unknown], reference: 'batch 7' };
    const first = await admin.post(`${BASE}/payouts`).send(order).expect(200);
    expect(first.body).toMatchObject({
      results: [
        { id: ids[0], status: 'paid' },
        { id: ids[1], status: 'refused', code: 'WITHDRAWAL_NOT_PENDING' },
        { id: ids[2], status: 'paid' },
        { id: unknown, status: 'refused', code: 'NOT_FOUND' },
      ],
    });
    const again = await admin.post(`${BASE}/payouts`).send(order).expect(200);
    expect((again.body as { results: { status: string }[] }).results.map(({ status }) => status)).toEqual(
      Array(4).fill('refused'),
    );
    expect(await walletOf(partners[0]!)).toMatchObject({ totalMinor: 30_00, paidOutMinor: 20_00 });
    await admin.post(`${BASE}/payouts`).send({ ids: [] }).expect(400);
    await admin
      .post(`${BASE}/payouts`)
      .send({ ids: ['x'] })
      .expect(400);
    await admin
      .post(`${BASE}/payouts`)
      .send({ ids: Array.from({ length: 101 }, () => randomUUID()) })
      .expect(400);
  });

  it('[Q12] pays those that are ticked on the page, more than twenty of them too', async () => {
    const partner = await aPartner(50_00);
    const id = await asked(partner, 20_00);
    const page = await admin.get(`${BASE}?status=pending&limit=100`).set('accept', 'text/html').expect(200);
    expect(page.text).toContain(`name="ids[]" value="${id}"`);
    const ticked = [...Array.from({ length: 24 }, () => randomUUID()), id];
    await admin
      .post(`${BASE}/payouts`)
      .set('accept', 'text/html')
      .type('form')
      .send(ticked.map((one) => `ids[]=${one}`).join('&'))
      .expect(303)
      .expect('location', /paid=1/);
    expect(await walletOf(partner)).toMatchObject({ totalMinor: 30_00, paidOutMinor: 20_00 });
  });

  it('[P17] [Q12] stays in the tab in which a request is paid or rejected', async () => {
    const [id, another] = [await asked(await aPartner(100_00), 40_00), await asked(await aPartner(100_00), 40_00)];
    const settle = (path: string, form: object) =>
      admin.post(`${BASE}/${path}`).set('accept', 'text/html').type('form').send(form).expect(303);
    const rejected = await settle(`${id}/rejection`, { tab: 'pending', reason: 'Brak rachunku bankowego' });
    expect(rejected.headers.location).toBe(`${BASE}?status=pending&done=rejected`);
    const paid = await settle(`${another}/payout`, { tab: '' });
    expect(paid.headers.location).toBe(`${BASE}?done=paid`);
    const page = await admin.get(`${BASE}?status=pending`).set('accept', 'text/html').expect(200);
    expect(page.text).not.toMatch(/name="tab" value="(?!pending")/);
  });

  it('[P17] lists every request page by page, with wallets, for holders of manageBalances', async () => {
    const partner = await aPartner(100_00);
    const id = await asked(partner, 40_00);
    const rows: { id: string; name: string; wallet?: Wallet; status: string; requestedAt: string }[] = [];
    for (let cursor = ''; ;) {
      const { body } = await admin.get(`${BASE}?limit=3${cursor}`).expect(200);
      const page = body as { data: typeof rows; nextCursor: string | null };
      rows.push(...page.data);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    const [{ count }] = await app.owner.query('select count(*)::int from partner_program.withdrawal');
    expect(new Set(rows.map((row) => row.id)).size).toBe(count);
    expect(rows.map(({ requestedAt }) => requestedAt)).toEqual(
      rows
        .map(({ requestedAt }) => requestedAt)
        .sort()
        .reverse(),
    );
    expect(rows.find((row) => row.id === id)).toMatchObject({ wallet: { totalMinor: 100_00, availableMinor: 60_00 } });
    const paid = await admin.get(`${BASE}?status=paid&limit=100`).expect(200);
    expect((paid.body as { data: { status: string }[] }).data.every(({ status }) => status === 'paid')).toBe(true);
    for (const query of ['status=x', 'limit=0', 'limit=101', 'cursor=x', `cursor=${NO_PLACE}`])
      await admin.get(`${BASE}?${query}`).expect(400);
  });
});

it('[F49] shows the account as it was when asked, masked, whatever it is changed to', async () => {
  const partner = await aPartner(100_00);
  const put = (value: string) =>
    partner.agent.put('/partner-program/payout-account').send({ kind: 'iban', value, holder: 'Jan Kos' });
  await put(IBAN).expect(200);
  const { body } = await ask(partner, 40_00).expect(201);
  const account = { kind: 'iban', pixKind: null, holder: 'Jan Kos', value: 'PL61 •••• 2874' };
  expect(body).toMatchObject({ account });
  await put('DE89 3704 0044 0532 0130 00').expect(200);
  const { id } = body as { id: string };
  expect((await admin.get(`${BASE}/${id}`)).body).toMatchObject({ account });
  await cancel(partner, id).expect(201);
  // The changed account does not count yet.
  expect((await ask(partner, 40_00).expect(201)).body).toMatchObject({ account });
});
