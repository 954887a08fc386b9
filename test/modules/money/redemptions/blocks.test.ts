import { bootApp, type TestApp } from '../../../support/app';
import { type Member, Office } from '../../../support/program';
import { BASE, tillOf } from './till';

const { aPartner, ask, asked, pay, reject } = tillOf(() => office);

let app: TestApp;
let office: Office;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
});
afterAll(() => app.close());

const suspend = ({ partnerId }: Member) =>
  office.admin.post(`/partner-program/partners/${partnerId}/suspension`).send({ reason: 'Do wyjaśnienia' }).expect(201);
const resume = ({ partnerId }: Member) =>
  office.admin.delete(`/partner-program/partners/${partnerId}/suspension`).expect(204);
const row = async (id: string) => {
  const { body } = await office.admin.get(`${BASE}?status=pending&limit=100`).expect(200);
  return (body as { data: { id: string }[] }).data.find((one) => one.id === id);
};
const account = { kind: 'iban', value: 'PL61109010140000071219812874', holder: 'Jan Kos' };

describe('[P23] a request that cannot be paid', () => {
  it('is payable by no way while its partner is suspended, says so, and is again afterwards', async () => {
    const [partner, other] = [await aPartner(100_00), await aPartner(100_00)];
    for (const { agent } of [partner, other])
      await agent.put('/partner-program/payout-account').send(account).expect(200);
    const [id, paid] = [await asked(partner, 40_00), await asked(other, 40_00)];
    await suspend(partner);
    expect(await row(id)).toMatchObject({ payable: false, blocks: ['SUSPENDED'], balanceTooLow: false });
    expect(await row(paid)).toMatchObject({ payable: true, blocks: [] });
    const { text } = await office.admin.get(`${BASE}?status=pending`).set('accept', 'text/html').expect(200);
    expect(text).toContain('Partner jest zawieszony');

    expect((await pay(id).expect(409)).body).toMatchObject({ code: 'WITHDRAWAL_BLOCKED', blocks: ['SUSPENDED'] });
    const bulk = await office.admin
      .post(`${BASE}/payouts`)
      .send({ ids: [id] })
      .expect(200);
    expect(bulk.body.results).toEqual([{ id, status: 'refused', code: 'WITHDRAWAL_BLOCKED' }]);
    for (const format of ['csv', 'pain001']) {
      const file = `${BASE}/payment-file?format=${format}`;
      const all = await office.admin.get(file).expect(200);
      const content = `${all.text ?? (all.body as Buffer).toString()}`;
      expect([all.headers['leftout'], content.includes(id) || content.includes(id.replaceAll('-', ''))]).toEqual([
        '1',
        false,
      ]);
      const named = await office.admin.get(`${file}&ids=${paid},${id}`).expect(409);
      expect(named.body).toMatchObject({ code: 'WITHDRAWAL_BLOCKED', withdrawalIds: [id] });
    }

    await resume(partner);
    expect(await row(id)).toMatchObject({ payable: true, blocks: [] });
    await pay(id).expect(201);
    await pay(paid).expect(201);
  });

  it('may be rejected all the same', async () => {
    const partner = await aPartner(100_00);
    const id = await asked(partner, 40_00);
    await suspend(partner);
    await reject(id).expect(201);
  });

  it('[Q4] is not even asked for while another wallet is below zero', async () => {
    await office.plan({ kind: 'levels', currency: 'EUR', levels: [{ level: 0, rateBps: 1000 }] });
    const partner = await aPartner(100_00);
    const contract = await office.contract(partner, 1_000_00, { currency: 'EUR' });
    await office.status(contract, 'signed');
    await office.settled();
    const { body } = await ask(partner, 100_00, { currency: 'EUR' }).expect(201);
    await pay((body as { id: string }).id).expect(201);
    await office.status(contract, 'cancelled');
    await office.settled();
    const refused = await ask(partner, 40_00).expect(409);
    expect(refused.body).toMatchObject({
      code: 'DEBT_IN_OTHER_UNIT',
      amount: { amountMinor: -100_00, currency: 'EUR' },
    });
  });
});
