import { addDays, dayOf } from '../../../../../modules/kernel/day';
import { bootApp, type TestApp } from '../../../../support/app';
import { type Member, Office } from '../../../../support/program';

jest.setTimeout(60_000);

/** What a person means by a date in a form: the whole day, in the program's time zone. */
describe('a day', () => {
  let app: TestApp;
  let office: Office;
  let seller: Member;
  let today: string;

  beforeAll(async () => {
    app = await bootApp();
    office = await Office.open(app);
    await office.levels(1000);
    seller = await office.member();
    const contract = await office.contract(seller, 1_000_00);
    await office.status(contract, 'signed');
    await office.settled();
    today = dayOf(new Date(), 'Europe/Warsaw');
  });
  afterAll(() => app.close());

  const send = (path: string, fields: object) =>
    office.admin.post(`/partner-program${path}`).type('form').accept('html').send(fields);

  it('[Q1] puts a plan in force from now on when it is today, and from its beginning when it is later', async () => {
    const draft = { kind: 'levels', name: 'Dziś', currency: 'PLN', levels: [{ level: 0, rateBps: 500 }] };
    const versions: string[] = [];
    for (const name of ['Dziś', 'Jutro']) {
      const { body } = await office.admin
        .post('/partner-program/plans')
        .send({ ...draft, name })
        .expect(201);
      versions.push((body as { versionId: string }).versionId);
    }
    await send(`/plans/${versions[0]}/activation`, { effectiveFrom: today }).expect(303);
    await send(`/plans/${versions[1]}/activation`, { effectiveFrom: '2035-07-01' }).expect(303);
    const { body } = await office.admin.get('/partner-program/plans').expect(200);
    const plans = (body as { data: { versionId: string; effectiveFrom: string }[] }).data;
    const from = (id?: string) => plans.find(({ versionId }) => versionId === id)!.effectiveFrom;
    expect(Date.parse(from(versions[0]))).toBeLessThanOrEqual(Date.now());
    expect(from(versions[1])).toBe('2035-06-30T22:00:00.000Z');
  });

  it('[Q1] [Q7] gives a rank and moves a partner today', async () => {
    const manager = await office.member();
    await office.ranks('Złoty');
    await send(`/partners/${seller.partnerId}/rank?_method=PUT`, { rank: 'Złoty', effectiveFrom: today }).expect(303);
    const move = `/partner-program/partners/${seller.partnerId}/placements`;
    const page = await office.admin.get(`${move}?sponsor=${manager.partnerId}&effectiveAt=${today}`).accept('html');
    expect(page.text).not.toContain('w przeszłości');
    const order = { sponsorId: `"${manager.partnerId}"`, reason: 'Nowy region', effectiveAt: today };
    await send(`/partners/${seller.partnerId}/placements`, order).expect(303);
    const { body } = await office.admin.get(`/partner-program/partners/${seller.partnerId}`).expect(200);
    expect(body).toMatchObject({ sponsorId: manager.partnerId, rank: 'Złoty' });
  });

  it('[P15] ends a history at its end', async () => {
    const entries = async (period: object) => {
      const path = `/partner-program/partners/${seller.partnerId}/entries`;
      const { body } = await seller.agent.get(path).query(period).expect(200);
      return (body as { data: unknown[] }).data.length;
    };
    expect(await entries({ from: today, to: today })).toBe(1);
    expect(await entries({ source: 'own' })).toBe(1);
    expect(await entries({ source: 'network' })).toBe(0);
    expect(await entries({ to: addDays(today, -1) })).toBe(0);
    expect(await entries({ from: new Date(Date.now() + 60_000).toISOString() })).toBe(0);
  });

  it('[Q9] counts its contracts in a simulation', async () => {
    const draft = { name: 'Plan 1', currency: 'PLN', kind: 'levels', levels: [{ level: 0, rateBps: 2000 }] };
    const plan = await office.admin.post('/partner-program/plans').send(draft).expect(201);
    const { versionId } = plan.body as { versionId: string };
    const path = `/partner-program/plans/${versionId}/simulation`;
    const { body } = await office.admin.get(path).query({ from: today, to: today }).expect(200);
    expect(body).toMatchObject({ contracts: 1, totalBeforeMinor: 100_00, totalAfterMinor: 200_00 });
  });
});
