import { currentTime, TestClock } from '../../../modules';
import { MovableClock } from '../../../src/crm/clock.controller';
import { bootApp, type TestApp } from '../../support/app';
import { Office } from '../../support/program';

const BEGINNING = new Date('2025-10-01T08:00:00Z');

let app: TestApp;
let clock: TestClock;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  clock = new TestClock(app.nest, app.owner, ['crm.now_ms']);
  await clock.begin(BEGINNING);
  app.nest.get(MovableClock).use(clock);
  office = await Office.open(app);
});
afterAll(async () => {
  await app.close();
  clock.forget();
});

const move = (now: string) => app.anonymous().post('/crm/clock').send({ now });
const timeIn = ({ body }: { body: unknown }) => new Date((body as { now: string }).now);

describe('[Q8] a clock that is moved', () => {
  it('tells the same time in PostgreSQL, in TypeScript, to the CRM and over HTTP', async () => {
    const { body } = await app.anonymous().get('/crm/clock').expect(200);
    const [row] = await app.db.query<{ program: Date; crm: Date }[]>(
      'select partner_program.now_ms() as program, crm.now_ms() as crm',
    );
    for (const told of [timeIn({ body }), row!.program, row!.crm, currentTime()]) {
      expect(Math.abs(told.getTime() - BEGINNING.getTime())).toBeLessThan(120_000);
    }
  });

  it('runs no way but forward, and only to a moment', async () => {
    await move('2025-09-30T08:00:00Z').expect(409, /CLOCK_BACKWARDS/);
    await move('tomorrow').expect(400);
  });

  it('lets everything happen that was due, each on its day, before it answers', async () => {
    await office.plan({
      kind: 'levels',
      levels: [
        { level: 0, rateBps: 1000 },
        { level: 1, rateBps: 500 },
      ],
      holdingDays: 14,
    });
    const boss = await office.member();
    const seller = await office.member(boss);
    const contract = await office.contract(seller, 1_000_00);
    await office.status(contract, 'signed');
    const start = timeIn(await app.anonymous().get('/crm/clock'));
    await office.settled();
    expect(await office.available(seller, boss)).toEqual([0, 0]);

    const day = (days: number) => new Date(start.getTime() + days * 86_400_000).toISOString();
    await move(day(13)).expect(200);
    expect(await office.available(seller, boss)).toEqual([0, 0]);
    const moved = await move(day(30)).expect(200);
    expect(Math.abs(timeIn(moved).getTime() - Date.parse(day(30)))).toBeLessThan(60_000);
    expect(await office.available(seller, boss)).toEqual([100_00, 50_00]);
    const [release] = await app.owner.query<{ at: Date }[]>(
      `select recorded_at as at from partner_program.transaction where kind = 'release' order by recorded_at limit 1`,
    );
    const age = (release!.at.getTime() - start.getTime()) / 86_400_000;
    expect(age).toBeGreaterThan(13.9);
    expect(age).toBeLessThan(14.1);

    // What recurs had its turn on every one of those days.
    const [recurring] = await app.owner.query<{ due: Date }[]>(
      `select due_at as due from partner_program.job where key = 'recurring:reconcile'`,
    );
    expect(recurring!.due.getTime()).toBeGreaterThan(Date.parse(day(30)));
    expect((await office.admin.get('/partner-program/integrity').expect(200)).body).toMatchObject({ ok: true });
    expect((await office.admin.get('/partner-program/rederivation').expect(200)).body).toMatchObject({ ok: true });
  });

  it('ends an invitation on its day', async () => {
    const member = await office.member();
    const invited = { firstName: 'Ola', lastName: 'Sowa', email: 'ola@poczta.example', subject: 'Hej', body: 'Hej' };
    await member.agent.post('/partner-program/invitations').send(invited).expect(201);
    await clock.moveTo(new Date(clock.now().getTime() + 15 * 86_400_000));
    const { body } = await member.agent.get('/partner-program/invitations').expect(200);
    expect((body as { data: object[] }).data).toMatchObject([{ status: 'expired' }]);
  });

  it('goes on after a start by what the database keeps', async () => {
    const before = clock.now();
    const again = new TestClock(app.nest, app.owner, ['crm.now_ms']);
    const resumed = await again.resume();
    expect(Math.abs(resumed.getTime() - before.getTime())).toBeLessThan(60_000);
  });
});

it('is absent where nobody gave one, as in production', async () => {
  const other = await bootApp({ worker: false });
  await other.anonymous().get('/crm/clock').expect(404);
  await other.anonymous().post('/crm/clock').send({ now: '2100-01-01T00:00:00Z' }).expect(404);
  await other.close();
});
