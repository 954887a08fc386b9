import { bootApp, type TestApp } from '../../../support/app';
import { Office } from '../../../support/program';

let app: TestApp;
let office: Office;

beforeAll(async () => {
  app = await bootApp({ worker: false });
  office = await Office.open(app);
});
afterAll(() => app.close());

const draft = (plan: object) =>
  office.admin.post('/partner-program/plans').send({ name: 'Plan', currency: 'PLN', ...plan });
const rate = (rateBps: number, level = 0) => ({ level, rateBps });

describe('[Q1] a draft', () => {
  it.each<[string, object, string]>([
    ['one level', { kind: 'levels', levels: [rate(10_001)] }, 'levels.0'],
    ['one level by far', { kind: 'levels', levels: [rate(Number.MAX_SAFE_INTEGER)] }, 'levels.0'],
    ['two levels', { kind: 'levels', levels: [rate(6_000), rate(4_001, 1)] }, 'levels.1'],
    ['a rank', { kind: 'differential', ranks: [{ rank: 'gold', rateBps: 10_001 }] }, 'ranks.0'],
  ])('is refused where %s could pay more than the base', async (_, plan, field) => {
    const { status, body } = await draft(plan);
    expect([status, body]).toEqual([422, expect.objectContaining({ code: 'PLAN_INVALID' })]);
    expect(body.errors).toEqual([expect.objectContaining({ field, code: 'PAYS_MORE_THAN_BASE' })]);
  });

  it('may leave a level out', async () => {
    const { body } = await draft({ kind: 'levels', levels: [rate(1_000), rate(500, 2)] }).expect(201);
    expect(body.levels).toEqual([expect.objectContaining(rate(1_000)), expect.objectContaining(rate(500, 2))]);
  });
});
