import { anAccount, linkTo, loggedIn, logIn } from '../modules/people/accounts/account-builder';
import { bootApp, type TestApp } from '../support/app';
import { freshDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { Office, type Member } from '../support/program';

let app: TestApp;
let office: Office;
let seller: Member;

beforeAll(async () => {
  app = await bootApp();
  app.nest.useLogger(false); // some changes are refused on purpose
  office = await Office.open(app);
  await office.levels(1000);
  seller = await office.member();
});
afterAll(() => app.close());
afterEach(async () => {
  jest.useRealTimers();
  await turnDatabaseClock('0 s');
});

/** All of the program's SQL reads the time from this one function. */
const turnDatabaseClock = (by: string, { owner } = app): Promise<unknown> =>
  owner.query(
    `create or replace function partner_program.now_ms() returns timestamptz language sql volatile
       as $$ select date_trunc('milliseconds', clock_timestamp() + interval '${by}') $$`,
  );

/** The clock of this process only; what waits goes on waiting by the real one. */
function turnProcessClock(byMs: number): void {
  const now = Date.now() + byMs;
  jest.useFakeTimers({
    now,
    doNotFake: ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'].concat([
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ]) as never,
  });
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EXPIRED = `select from partner_program.one_time_token where expires_at < partner_program.now_ms() and used_at is null
                 union all select from partner_program.session where expires_at < partner_program.now_ms()`;

const askForReset = (email: string) =>
  app.anonymous().post('/partner-program/password-resets').send({ email }).expect(202);

const me = (agent: Member['agent']) => agent.get('/partner-program/profile').accept('json');

describe('[F15] the clock of the database', () => {
  it.each(['61 minutes', '1 day', '400 days'])('lets nothing live again that had expired %s ahead', async (by) => {
    const account = await anAccount(app);
    const browser = await loggedIn(app, account);
    await askForReset(account.email);
    const { path } = await linkTo(app, account.email);
    const outlived = by === '61 minutes' ? 200 : 401; // a session lasts twelve hours without a request
    await turnDatabaseClock(by);
    await app.anonymous().post(path).send({ password: 'nowa zielona papuga' }).expect(410);
    await eventually(async () => expect(await app.owner.query(EXPIRED)).toEqual([]));
    await turnDatabaseClock('0 s');
    await app.anonymous().post(path).send({ password: 'nowa zielona papuga' }).expect(410);
    await me(browser).expect(outlived);
    await logIn(app.anonymous(), account.email).expect(201);
  });

  it('counts no failures that were made when it was ahead', async () => {
    const { email } = await anAccount(app);
    await turnDatabaseClock('400 days');
    await logIn(app.anonymous(), email, 'not the password').expect(401);
    await turnDatabaseClock('0 s');
    await logIn(app.anonymous(), email).expect(201);
  });

  it('puts off no work for as long as it was ahead: the next start does it in time', async () => {
    const database = await freshDatabase();
    const ahead = (at: TestApp) =>
      at.owner.query(
        `select key from partner_program.job where status = 'waiting' and due_at > now() + interval '25 h'`,
      );
    const working = await bootApp({ database });
    await turnDatabaseClock('400 days', working);
    await eventually(async () => expect((await ahead(working)).length).toBeGreaterThan(5));
    await working.close();
    const answering = await bootApp({ database, worker: false });
    const { email } = await anAccount(answering, { emailConfirmed: false });
    await turnDatabaseClock('0 s', answering);
    await answering.close();
    const after = await bootApp({ database });
    await linkTo(after, email);
    expect(await ahead(after)).toEqual([]);
    await after.close();
    await database.drop();
  });
});

describe('[F15] the clock of a process', () => {
  it.each([
    ['an hour back', -HOUR_MS],
    ['a day ahead', DAY_MS],
    ['400 days ahead', 400 * DAY_MS],
  ])('decides about no link and no session: %s', async (_, by) => {
    const account = await anAccount(app);
    const { headers } = await logIn(app.anonymous(), account.email).expect(201);
    // By hand: the browser of a test has the clock of this process too, and would forget its cookie.
    const cookie = (headers['set-cookie'] as unknown as string[]).map((line) => line.split(';')[0]).join('; ');
    await askForReset(account.email);
    const { path } = await linkTo(app, account.email);
    const expired = await anAccount(app);
    await askForReset(expired.email);
    const dead = await linkTo(app, expired.email);
    await app.owner.query(
      `update partner_program.one_time_token set created_at = now() - interval '2 h', expires_at = now() where partner_id = $1`,
      [expired.partnerId],
    );
    turnProcessClock(by);
    await me(app.anonymous().set('cookie', cookie)).expect(200);
    await app.anonymous().post(dead.path).send({ password: 'nowa zielona papuga' }).expect(410);
    await app.anonymous().post(path).send({ password: 'nowa zielona papuga' }).expect(204);
  });

  it('[F28] loses no change that the CRM remembers: what seems to come from the future waits for the database', async () => {
    const id = await office.contract(seller, 100_00);
    await office.settled();
    // A change that the CRM made and never told.
    await app.owner.query(
      `with changed as (update crm.contract set status = 'signed', version = version + 1 where id = $1 returning *)
       insert into crm.contract_change
         (contract_id, version, number, status, seller_id, client_id, value_minor, currency, product, occurred_at)
       select id, version, number, status, seller_id, client_id, value_minor, currency, product, now() from changed`,
      [id],
    );
    turnProcessClock(-HOUR_MS);
    await app.owner.query(`update partner_program.job set due_at = now() where kind = 'reconcile'`);
    await eventually(async () => {
      const [row] = await app.owner.query<{ minor: number }[]>(
        `select sum(e.amount_minor)::int as minor from partner_program.entry e join partner_program.account a on a.id = e.account_id
          where a.holder_id = $1`,
        [seller.partnerId],
      );
      expect(row!.minor).toBe(10_00);
    });
  });
});
