import { bootApp, type TestApp } from '../../../support/app';
import { type Member, Office } from '../../../support/program';

const PLANS = '/partner-program/plans';
const DAY = 24 * 60 * 60 * 1000;

let app: TestApp;
let office: Office;
let seller: Member;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  seller = await office.member();
});
afterAll(() => app.close());

const draft = async (product: string, name = product): Promise<string> => {
  const plan = { name, currency: 'PLN', kind: 'levels', levels: [{ level: 0, rateBps: 1000 }], compression: 'none' };
  const conditions = { products: [product] };
  return (
    await office.admin
      .post(PLANS)
      .send({ ...plan, holdingDays: 0, conditions })
      .expect(201)
  ).body.versionId;
};
const activate = (id: string, term: object = {}) => office.admin.post(`${PLANS}/${id}/activation`).send(term);
const end = (id: string, ending: object = {}) => office.admin.post(`${PLANS}/${id}/ending`).send(ending);
const version = async (id: string) => {
  const { data } = (await office.admin.get(PLANS).expect(200)).body;
  return (data as { versionId: string }[]).find(({ versionId }) => versionId === id);
};
const forecast = async (product: string) => {
  const contract = await office.contract(seller, 1_000_00, { product });
  const { body } = await office.admin.get(`/partner-program/contracts/${contract}/commission-preview`).expect(200);
  return { contract, line: body.lines[0] as { amountMinor: number; reason: string } };
};
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

describe('[Q1] a plan without a successor', () => {
  it('pays nothing from its end on; what it has paid stays', async () => {
    const id = await draft('promo');
    await activate(id).expect(201);
    const { contract, line } = await forecast('promo');
    expect(line).toMatchObject({ amountMinor: 100_00, reason: 'PAID' });
    await office.status(contract, 'signed');
    await office.settled();
    const { body } = await end(id, { reason: 'Promocja minęła' }).expect(201);
    expect(Date.parse(body.validTo)).toBeLessThanOrEqual(Date.now());
    expect(await version(id)).toMatchObject({ status: 'ended', effectiveTo: body.validTo });
    expect((await forecast('promo')).line).toMatchObject({ amountMinor: 0, reason: 'NO_PLAN' });
    expect(await office.available(seller)).toEqual([100_00]);
    const audit = await office.admin.get(`/partner-program/audit?action=plan.ended`).expect(200);
    expect(audit.body.data).toMatchObject([
      { object: { id }, after: { effectiveTo: body.validTo }, reason: 'Promocja minęła' },
    ]);
    const { body: derived } = await office.admin.get('/partner-program/rederivation').expect(200);
    expect(derived).toMatchObject({ ok: true, differences: [] });
  });

  it('may be given its end when it is activated, and an earlier one later, but no later one', async () => {
    const id = await draft('season');
    const [effectiveTo, sooner] = [inDays(30), inDays(10)];
    expect((await activate(id, { effectiveTo }).expect(201)).body).toMatchObject({ status: 'active', effectiveTo });
    expect((await end(id, { on: inDays(40) }).expect(409)).body.code).toBe('PLAN_NOT_ACTIVE');
    expect((await end(id, { on: sooner }).expect(201)).body).toEqual({ validTo: sooner });
    expect((await forecast('season')).line.reason).toBe('PAID');
    for (const until of [`'${effectiveTo}'`, 'null']) {
      await expect(
        app.owner.query(
          `update partner_program.plan_version set valid = tstzrange(lower(valid), ${until}) where id = $1`,
          [id],
        ),
      ).rejects.toMatchObject({ code: '23001' });
    }
  });

  it('is followed all the same by a version that begins before its end', async () => {
    const first = await draft('summer');
    await activate(first, { effectiveTo: inDays(30) }).expect(201);
    const next = await draft('summer');
    await activate(next, { effectiveFrom: inDays(10) }).expect(201);
    expect(await version(first)).toMatchObject({
      effectiveTo: ((await version(next)) as unknown as { effectiveFrom: string }).effectiveFrom,
    });
  });

  it('is ended once, only while it is or will be in force, and never in the calculated past', async () => {
    const id = await draft('once');
    expect((await end(id).expect(409)).body.code).toBe('PLAN_NOT_ACTIVE');
    const tomorrow = inDays(1);
    expect((await activate(id, { effectiveFrom: tomorrow, effectiveTo: inDays(0.5) }).expect(422)).body.code).toBe(
      'EFFECTIVE_DATE_PAST',
    );
    await activate(id, { effectiveFrom: tomorrow }).expect(201);
    expect((await end(id).expect(422)).body.code).toBe('EFFECTIVE_DATE_PAST');
    await end(id, { on: '2020-01-01' }).expect(422);
    await end(id, { on: 'yesterday' }).expect(400);
    await end(id, { on: inDays(2) }).expect(201);
    await end('00000000-0000-7000-8000-000000000000').expect(404);
    await seller.agent.post(`${PLANS}/${id}/ending`).send({}).expect(403);
  });
});
