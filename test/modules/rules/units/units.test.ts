import { bootApp, type TestApp } from '../../../support/app';
import { PUNKTY } from '../../../support/known-program';
import { type Member, Office } from '../../../support/program';

const UNITS = '/partner-program/units';

describe('units of the program over HTTP', () => {
  let app: TestApp;
  let office: Office;
  let seller: Member;

  beforeAll(async () => {
    app = await bootApp();
    office = await Office.open(app);
    seller = await office.member();
  });
  afterAll(() => app.close());

  const defined = { ...PUNKTY, isMoney: false, worth: null };

  it('[Q5] are defined once, and are known at once to plans, contracts and wallets', async () => {
    const { body } = await office.admin.post(UNITS).send(PUNKTY).expect(201);
    expect(body).toEqual(defined);
    const again = await office.admin.post(UNITS).send(PUNKTY).expect(409);
    expect(again.body).toMatchObject({ code: 'UNIT_CODE_TAKEN', currency: 'PUNKTY' });
    expect((await office.admin.get(UNITS).expect(200)).body).toEqual({ data: [defined] });

    await office.plan({ kind: 'levels', currency: 'PUNKTY', levels: [{ level: 0, rateBps: 1000 }] });
    const contract = await office.contract(seller, 1_000, { currency: 'PUNKTY' });
    await office.status(contract, 'signed');
    await office.settled();
    const { wallets } = (await seller.agent.get('/partner-program').expect(200)).body;
    expect(wallets).toContainEqual(expect.objectContaining({ currency: 'PUNKTY', availableMinor: 100 }));
  });

  it('[Q5] keep their digits once an account counts in them, and change their names and worth', async () => {
    const kept = await office.admin.patch(`${UNITS}/PUNKTY`).send({ digits: 2 }).expect(409);
    expect(kept.body.code).toBe('UNIT_IN_USE');
    const worth = { num: 1, den: 2, currency: 'PLN' };
    const names = { ...PUNKTY.names, en: { one: 'pt', other: 'pts' } };
    const { body } = await office.admin.patch(`${UNITS}/PUNKTY`).send({ names, worth }).expect(200);
    expect(body).toEqual({ ...defined, names, worth });
    const none = await office.admin.patch(`${UNITS}/PUNKTY`).send({ worth: null }).expect(200);
    expect(none.body).toEqual({ ...defined, names });
    await office.admin
      .post(UNITS)
      .send({ ...PUNKTY, code: 'MILE' })
      .expect(201);
    expect((await office.admin.patch(`${UNITS}/MILE`).send({ digits: 2 }).expect(200)).body.digits).toBe(2);
  });

  it('say in the audit log who defined and who changed them', async () => {
    const { body } = await office.admin.get('/partner-program/audit?objectType=unit').expect(200);
    const [changed, , , , first] = body.data as { action: string; actor: object; before: object; after: object }[];
    expect(changed).toMatchObject({ action: 'unit.changed', before: { digits: 0 }, after: { digits: 2 } });
    expect(first).toMatchObject({
      action: 'unit.defined',
      after: { digits: 0, names: 'ponto, pontos, punkty, punktów, punkt, punktu, point, points' },
    });
  });

  it.each([
    ['UNIT_CODE_TAKEN', 409, { code: 'PLN' }],
    ['UNIT_CODE_TAKEN', 409, { code: 'XXX' }],
    ['CURRENCY_UNKNOWN', 422, { worth: { num: 1, den: 1, currency: 'PUNKTY' } }],
    ['INVALID_INPUT', 400, { code: 'pkt' }],
    ['INVALID_INPUT', 400, { digits: 5 }],
    ['INVALID_INPUT', 400, { digits: null }],
    ['INVALID_INPUT', 400, { names: null }],
    ['INVALID_INPUT', 400, { names: { pl: { other: 'x' }, en: { other: 'x' } } }],
    ['INVALID_INPUT', 400, { names: { ...PUNKTY.names, en: { other: ' ' } } }],
    ['INVALID_INPUT', 400, { names: { ...PUNKTY.names, de: { other: 'Punkte' } } }],
    ['INVALID_INPUT', 400, { worth: { num: 0, den: 1, currency: 'PLN' } }],
  ])('are refused as %s (%i): %j', async (code, status, wrong) => {
    const { body } = await office.admin
      .post(UNITS)
      .send({ ...PUNKTY, code: 'INNE', ...wrong })
      .expect(status);
    expect(body.code).toBe(code);
  });

  it('are for holders of configure, and only those of the program can be changed', async () => {
    await seller.agent.get(UNITS).expect(403);
    await seller.agent
      .post(UNITS)
      .send({ ...PUNKTY, code: 'INNE' })
      .expect(403);
    await seller.agent.patch(`${UNITS}/PUNKTY`).send({ worth: null }).expect(403);
    await office.admin.patch(`${UNITS}/PLN`).send({ digits: 3 }).expect(404);
  });
});
