import { bootApp, type Agent, type TestApp } from '../../../support/app';
import { Office, type Member } from '../../../support/program';
import { BASE, tillOf } from './till';

const { aPartner, ask, asked, pay, reject } = tillOf(() => office);
const IBAN = 'PL61109010140000071219812874';

let app: TestApp;
let office: Office;
let partner: Member;
let paidId: string;
let id: string;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  partner = await aPartner(100_00);
  await partner.agent
    .put('/partner-program/payout-account')
    .send({ kind: 'iban', value: IBAN, holder: 'Jan Kos' })
    .expect(200);
  paidId = await asked(partner, 30_00);
  await pay(paidId, { reference: 'P/17' }).expect(201);
  id = ((await ask(partner, 20_00, { note: 'For March' }).expect(201)).body as { id: string }).id;
});
afterAll(() => app.close());

const page = async (agent: Agent, of = id) =>
  (await agent.get(`${BASE}/${of}`).set('accept', 'text/html').expect(200)).text;

describe('the page of a withdrawal', () => {
  it('[S6] shows whoever may pay it the movements, the payouts before it and the account in full', async () => {
    const { body } = await office.admin.get(`${BASE}/${id}`).expect(200);
    expect(body).toMatchObject({
      id,
      accountNumber: IBAN,
      account: { value: 'PL61 •••• 2874' },
      payable: true,
      wallet: { totalMinor: 70_00 },
      previousPayouts: [{ id: paidId, reference: 'P/17' }],
    });
    const kinds = (body as { entries: { kind: string; amountMinor: number }[] }).entries.map(({ kind }) => kind);
    expect(kinds).toEqual(['hold', 'payout', 'holdReturn', 'hold', 'adjustment']);
    const text = await page(office.admin);
    expect(text).toContain(IBAN);
    expect(text).toContain(`/partner-program/audit?objectId&#x3D;${id}&amp;objectType&#x3D;withdrawal`);
    for (const step of ['payout', 'rejection']) expect(text).toContain(`action="${BASE}/${id}/${step}"`);
  });

  it('[S6] [F49] shows the partner the own one with the number masked, and nothing to decide', async () => {
    const { body, text: json } = await partner.agent.get(`${BASE}/${id}`).expect(200);
    expect(body).toMatchObject({ id, accountNumber: null, payable: false });
    expect(json).not.toContain(IBAN);
    const text = await page(partner.agent);
    expect(text).not.toContain(IBAN);
    expect(text).toContain('PL61 •••• 2874');
    expect(text).toContain(`action="${BASE}/${id}/cancellation"`);
    expect(text).not.toContain('/payout"');
    expect(text).not.toContain('/partner-program/audit');
  });

  it('[F49] masks a number even for a holder of manageBalances whose own request it is', async () => {
    const manager = await office.member(undefined, { permissions: ['participate', 'manageBalances'] });
    await office.admin
      .post(`/partner-program/partners/${manager.partnerId}/adjustments`)
      .send({ amountMinor: 50_00, currency: 'PLN', reason: 'Bonus agreed upon by telephone' })
      .expect(201);
    await manager.agent
      .put('/partner-program/payout-account')
      .send({ kind: 'iban', value: IBAN, holder: 'Ewa Lis' })
      .expect(200);
    const own = await asked(manager, 20_00);
    const { body } = await manager.agent.get(`${BASE}/${own}`).expect(200);
    expect(body).toMatchObject({ accountNumber: null, payable: false });
    await reject(own).expect(201);
    expect(await page(office.admin, own)).toContain('The account number is wrong');
  });

  it('[S6] [S15] tells the audit log who read an account number in full, each time, and nothing where it was masked', async () => {
    const readings = () =>
      app.owner.query<object[]>(
        `select actor, partner_id as "partnerId", host(ip) as ip, request_id as "requestId"
           from partner_program.audit_record where action = 'payoutAccount.read' and object_id = $1 order by id`,
        [id],
      );
    const before = (await readings()).length;
    await page(partner.agent);
    await office.admin.get(BASE).expect(200);
    expect(await readings()).toHaveLength(before);
    const { headers } = await office.admin.get(`${BASE}/${id}`).expect(200);
    await office.admin.get(`${BASE}/payment-file?format=csv&ids=${id}`).expect(200);
    const by = { actor: expect.stringMatching(/^user:/) as string, partnerId: partner.partnerId, ip: '127.0.0.1' };
    expect((await readings()).slice(before)).toMatchObject([{ ...by, requestId: headers['x-request-id'] }, by]);
    const log = await office.admin
      .get(`/partner-program/audit?objectId=${id}&objectType=withdrawal`)
      .set('accept', 'text/html')
      .expect(200);
    expect(log.text).toContain('Odczyt pełnego numeru konta');
  });

  it('[F70] is unknown to everybody else', async () => {
    const other = await office.member();
    await other.agent.get(`${BASE}/${id}`).set('accept', 'text/html').expect(404);
  });
});

it('[S6] counts the requests of every state, and sums those on the page', async () => {
  const counted = async ({ agent }: { agent: Agent }) => {
    const { body } = await agent.get(BASE).expect(200);
    return (body as { counts: object }).counts;
  };
  expect(await counted(partner)).toEqual({ pending: 1, paid: 1, rejected: 0, cancelled: 0 });
  expect(await counted({ agent: office.admin })).toEqual({ pending: 1, paid: 1, rejected: 1, cancelled: 0 });
  const { text } = await partner.agent.get(BASE).set('accept', 'text/html').expect(200);
  expect(text).toMatch(/Razem na tej stronie: <strong>50,00\szł<\/strong>/);
  expect(text).not.toContain('Saldo partnera');
  const queue = await office.admin.get(`${BASE}?status=pending`).set('accept', 'text/html').expect(200);
  expect(queue.text).toMatch(/data-label="Saldo partnera"[^>]*>\s*<span[^>]*>70,00\szł/);
});
