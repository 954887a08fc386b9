import { randomUUID } from 'node:crypto';
import { bootApp, type Agent, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { expectIntegrity } from '../../../support/oracle';
import { Office, type Member } from '../../../support/program';

const REASON = 'Bonus agreed upon by telephone';

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

const path = (partnerId: string) => `/partner-program/partners/${partnerId}/adjustments`;
const adjust = ({ partnerId }: Member, change: object, agent = admin) =>
  agent.post(path(partnerId)).send({ amountMinor: 10_00, currency: 'PLN', reason: REASON, ...change });

describe('[P14] a correction', () => {
  it('is a further entry, and answers it with the wallet', async () => {
    const partner = await office.member();
    await adjust(partner, { amountMinor: 100_00 }).expect(201);
    const { body } = await adjust(partner, { amountMinor: -30_00 }).expect(201);
    expect(body).toMatchObject({
      entry: {
        kind: 'adjustment',
        amountMinor: -30_00,
        balanceAfterMinor: 70_00,
        currency: 'PLN',
        description: REASON,
      },
      wallet: { currency: 'PLN', totalMinor: 70_00, availableMinor: 70_00, heldMinor: 0, version: 2 },
    });
    const { body: history } = await partner.agent.get(`/partner-program/partners/${partner.partnerId}/entries`);
    expect((history as { data: object[] }).data).toHaveLength(2);
    await eventually(async () => {
      const mail = (await app.mails()).find(({ to, text }) => to === partner.email && text.includes('-30'));
      expect(mail?.text).toContain(REASON);
    });
  });

  it('[Q12] shows without scripts what it would leave, and is then made as it was shown', async () => {
    const partner = await office.member();
    await adjust(partner, { amountMinor: 100_00 }).expect(201);
    const page = `/partner-program/partners/${partner.partnerId}`;
    const send = (to: string, form: object) =>
      admin.post(to).set('accept', 'text/html').set('referer', `${app.url}${page}`).type('form').send(form);
    const form = { operation: 'debit', amountMinor: '30,50', currency: 'PLN', reason: REASON, seen: 'PLN:1 ' };
    const slip = await send(`${path(partner.partnerId)}/preview`, { ...form, reason: 'x' });
    expect(slip.text).toMatch(/name="amountMinor"[^>]* value="30,50"/);
    expect(slip.text).toMatch(/name="reason"[^>]* aria-invalid="true"/);
    const { text } = await send(`${path(partner.partnerId)}/preview`, form).expect(200);
    expect(text.replace(/\s/g, ' ')).toMatch(/Saldo po korekcie<\/dt> <dd><strong><span class="pp-money ?">69,50 zł/);
    expect(await office.available(partner)).toEqual([100_00]);
    const shown = [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    await send(path(partner.partnerId), Object.fromEntries(shown) as object).expect(303);
    expect(await office.available(partner)).toEqual([69_50]);
    await adjust(partner, {}).expect(201);
    const stale = await send(path(partner.partnerId), { ...Object.fromEntries(shown), idempotencyKey: randomUUID() });
    expect([stale.status, stale.text.includes('Saldo zmieniło się')]).toEqual([412, true]);
  });

  it('begins at the wallet in the list of partners, except at the own one', async () => {
    const manager = await office.member(undefined, { permissions: ['participate', 'manageBalances'] });
    const partner = await office.member();
    const list = await manager.agent.get('/partner-program/partners?limit=100').set('accept', 'text/html').expect(200);
    const link = ({ partnerId }: Member) => `/partner-program/partners/${partnerId}#pp-adjust`;
    expect(list.text).toContain(link(partner));
    expect(list.text).not.toContain(link(manager));
    const page = await manager.agent.get(link(partner)).set('accept', 'text/html').expect(200);
    expect(page.text).toContain('id="pp-adjust"');
    const plain = await partner.agent.get('/partner-program/partners').set('accept', 'text/html').expect(200);
    expect(plain.text).not.toContain('#pp-adjust');
  });

  it('never takes a wallet below zero, nor what is held by a request', async () => {
    const partner = await office.member();
    await adjust(partner, { amountMinor: 100_00 }).expect(201);
    await partner.agent.post('/partner-program/withdrawals').send({ amountMinor: 60_00, currency: 'PLN' }).expect(201);
    expect((await adjust(partner, { amountMinor: -40_01 }).expect(422)).body).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      availableMinor: 40_00,
    });
    await adjust(partner, { amountMinor: -40_00 }).expect(201);
  });

  it('is not for the own wallet, not without the permission, not for nobody', async () => {
    const manager = await office.member(undefined, { permissions: ['participate', 'manageBalances'] });
    const partner = await office.member();
    expect((await adjust(manager, {}, manager.agent).expect(403)).body).toMatchObject({ code: 'OWN_WALLET' });
    await adjust(partner, {}, partner.agent).expect(403);
    await adjust(partner, {}, manager.agent).expect(201);
    await adjust({ ...partner, partnerId: randomUUID() }, {}).expect(404);
    await adjust({ ...partner, partnerId: 'x' }, {}).expect(404);
  });

  it('[F36] is refused for amounts, currencies and reasons that are none', async () => {
    const partner = await office.member();
    for (const amountMinor of [0, -0, 0.5, 1e21, 1_000_000_000_001, -1_000_000_000_001, '10', null, [], true]) {
      await adjust(partner, { amountMinor }).expect(400);
    }
    for (const reason of ['too short', 'x'.repeat(501), '', null, 12]) await adjust(partner, { reason }).expect(400);
    for (const currency of ['pln', '', 'P', 'PL N', 'P'.repeat(13), 5]) await adjust(partner, { currency }).expect(400);
    for (const currency of ['QQQ', 'PLNX', 'XAU']) {
      expect((await adjust(partner, { currency }).expect(422)).body).toMatchObject({ code: 'CURRENCY_UNKNOWN' });
    }
    expect(await office.available(partner)).toEqual([0]);
  });

  it('is made on the wallet that was looked at, or not at all', async () => {
    const partner = await office.member();
    const wallets = () => admin.get(`/partner-program/partners/${partner.partnerId}/wallets`).expect(200);
    const { etag } = (await wallets()).headers as { etag: string };
    expect(etag).toBe('"0"');
    await adjust(partner, {}).set('If-Match', etag).expect(201);
    const { body } = await adjust(partner, {}).set('If-Match', etag).expect(412);
    expect(body).toMatchObject({ code: 'WALLET_CHANGED', wallet: { availableMinor: 10_00, version: 1 } });
    await adjust(partner, {}).set('If-Match', 'yesterday').expect(400);
    await adjust(partner, {}).set('If-Match', '*').expect(201);
    const fresh = (await wallets()).headers as { etag: string };
    const both = await Promise.all([1, 2].map(() => adjust(partner, {}).set('If-Match', fresh.etag)));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 412]);
    expect(await office.available(partner)).toEqual([30_00]);
  });

  it('[Q5] keeps currencies apart', async () => {
    const partner = await office.member();
    await adjust(partner, { amountMinor: 100_00 }).expect(201);
    await adjust(partner, { amountMinor: 500, currency: 'JPY' }).expect(201);
    expect((await adjust(partner, { amountMinor: -501, currency: 'JPY' }).expect(422)).body).toMatchObject({
      availableMinor: 500,
    });
    const { body } = await partner.agent.get(`/partner-program/partners/${partner.partnerId}/wallets`).expect(200);
    expect((body as { data: { currency: string; totalMinor: number }[] }).data).toMatchObject([
      { currency: 'JPY', totalMinor: 500 },
      { currency: 'PLN', totalMinor: 100_00 },
    ]);
    await partner.agent.get('/partner-program').set('accept', 'text/html').expect(200);
  });
});

describe('[P14] [S5] the form of a correction', () => {
  const page = (partnerId: string) => `/partner-program/partners/${partnerId}`;
  const fill = ({ partnerId }: Member, fields: object) =>
    admin
      .post(path(partnerId))
      .set({ accept: 'text/html', referer: `${app.url}${page(partnerId)}` })
      .type('form')
      .send({ currency: 'PLN', reason: REASON, ...fields });

  it('[Q12] is shown again with what was typed, also by a browser that does not tell where it comes from', async () => {
    const partner = await office.member();
    const fields = { operation: 'credit', amountMinor: 'dwanaście', currency: 'PLN', reason: 'krótki' };
    const { text } = await admin
      .post(path(partner.partnerId))
      .set({ accept: 'text/html', 'sec-fetch-site': 'same-origin' })
      .type('form')
      .send(fields)
      .expect(400);
    expect(text).toContain('id="pp-adjust"');
    expect(text).toContain('value="dwanaście"');
    expect(text).toMatch(/aria-invalid="true"[^>]*>krótki</);
    expect(text.match(/id="pp-problem"/g)).toHaveLength(1);
  });

  it('adds, deducts or sets the balance', async () => {
    const partner = await office.member();
    const balances: number[] = [];
    for (const [operation, amountMinor] of [
      ['credit', '100,00'],
      ['debit', '30,50'],
      ['set', '20,00'],
      ['set', '0'],
    ]) {
      await fill(partner, { operation, amountMinor }).expect(303);
      balances.push(...(await office.available(partner)));
    }
    expect(balances).toEqual([100_00, 69_50, 20_00, 0]);
  });

  it.each([
    ['a negative amount', { operation: 'credit', amountMinor: '-5,00' }, 400],
    ['nothing to add', { operation: 'credit', amountMinor: '0' }, 400],
    ['the balance that there is', { operation: 'set', amountMinor: '0' }, 400],
    ['more than there is', { operation: 'debit', amountMinor: '5,00' }, 422],
    ['another operation', { operation: 'double', amountMinor: '5,00' }, 400],
  ])('refuses %s', async (_, fields, status) => {
    const partner = await office.member();
    await fill(partner, fields).expect(status);
    expect(await office.available(partner)).toEqual([0]);
  });

  it('is refused when the balance has changed since it was shown, keeps what was typed, and then goes through', async () => {
    const partner = await office.member();
    const seenIn = ({ text }: { text: string }) => /name="seen" value="([^"]*)"/.exec(text)![1]!;
    const shown = await admin.get(page(partner.partnerId)).set('accept', 'text/html').expect(200);
    await adjust(partner, { amountMinor: 10_00 }).expect(201);
    const correction = { operation: 'debit', amountMinor: '7,00' };
    const refused = await fill(partner, { ...correction, seen: seenIn(shown) }).expect(412);
    expect(refused.text).toContain('Saldo zmieniło się w międzyczasie.');
    expect(refused.text).toMatch(/value="7,00"/);
    expect(refused.text).toMatch(/value="debit" selected/);
    expect(refused.text).toContain(REASON);
    expect(await office.available(partner)).toEqual([10_00]);
    await fill(partner, { ...correction, seen: seenIn(refused) }).expect(303);
    expect(await office.available(partner)).toEqual([3_00]);
  });

  it('[F45] sets a balance once, however often it is sent', async () => {
    const partner = await office.member();
    const idempotencyKey = randomUUID();
    const set = () => fill(partner, { operation: 'set', amountMinor: '50,00', idempotencyKey });
    for (const reply of [await set(), await set()]) expect(reply.status).toBe(303);
    expect(await office.available(partner)).toEqual([50_00]);
  });
});
