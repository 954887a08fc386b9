import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { anAccount, codeOf, linkTo, loggedIn, logIn } from '../../people/accounts/account-builder';

const WRONG = 'a guess of very many';
const NEW_PASSWORD = 'cztery niebieskie żółwie';

let app: TestApp;
beforeAll(async () => {
  app = await bootApp();
});
beforeEach(() => app.owner.query('delete from partner_program.throttle'));
afterAll(() => app.close());

/** Every failure counts for the address it comes from as well; this one is somewhere else next time. */
const elsewhere = () => app.owner.query(`delete from partner_program.throttle where key like 'login-address:%'`);

async function fail(email: string, times: number): Promise<number[]> {
  const statuses = [];
  for (let round = 0; round < times; round++) statuses.push((await logIn(app.anonymous(), email, WRONG)).status);
  return statuses;
}

const counts = (statuses: number[]) => ({
  wrong: statuses.filter((status) => status === 401).length,
  tooMany: statuses.filter((status) => status === 429).length,
});

describe('[F63] guessing passwords', () => {
  it('of many accounts from one address comes to an end, whatever the request says of itself', async () => {
    const statuses = [];
    for (let round = 0; round < 40; round++) {
      const reply = await logIn(app.anonymous(), `someone${round}@firma.example`, WRONG).set({
        'X-Forwarded-For': `198.51.100.${round}`,
        Forwarded: `for=198.51.100.${round}`,
        'X-Real-IP': `198.51.100.${round}`,
        'CF-Connecting-IP': `198.51.100.${round}`,
        'User-Agent': `browser ${round}`,
      });
      statuses.push(reply.status);
      if (reply.status === 429) expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(counts(statuses)).toEqual({ wrong: 30, tooMany: 10 });
    const { email } = await anAccount(app);
    expect(codeOf(await logIn(app.anonymous(), email))).toBe('TOO_MANY_ATTEMPTS');
  });

  it('of one account from many addresses comes to an end, however the address is written', async () => {
    const { email } = await anAccount(app);
    const statuses = [];
    for (let round = 0; round < 30; round++) {
      const spelt = [email, email.toUpperCase(), ` ${email}`, `${email} `][round % 4]!;
      statuses.push((await logIn(app.anonymous(), spelt, WRONG)).status);
      await elsewhere();
    }
    expect(counts(statuses)).toEqual({ wrong: 10, tooMany: 20 });
  });

  it('all at once gets no further', async () => {
    const { email } = await anAccount(app);
    const replies = await Promise.all(Array.from({ length: 60 }, () => logIn(app.anonymous(), email, WRONG)));
    expect(counts(replies.map(({ status }) => status))).toEqual({ wrong: 10, tooMany: 50 });
  });

  it('[F62] of an account that does not exist is counted the same', async () => {
    const { email } = await anAccount(app);
    expect(await fail(email, 12)).toEqual(await fail('nobody@firma.example', 12));
  });

  it('does not lock the owner out: not from a browser that was logged in before, nor after a reset', async () => {
    const account = await anAccount(app);
    const known = await loggedIn(app, account);
    await known.delete('/partner-program/sessions/current').expect(204);
    await fail(account.email, 15);
    await elsewhere();
    expect((await logIn(app.anonymous(), account.email)).status).toBe(429);
    expect((await logIn(known, account.email)).status).toBe(201);

    await app.anonymous().post('/partner-program/password-resets').send({ email: account.email }).expect(202);
    const { path } = await linkTo(app, account.email);
    await app.anonymous().post(path).send({ password: NEW_PASSWORD }).expect(204);
    expect((await logIn(app.anonymous(), account.email, NEW_PASSWORD)).status).toBe(201);
  });

  it('is not unlimited in a browser that is known, and its cookie opens no other account', async () => {
    const [mine, theirs] = [await anAccount(app), await anAccount(app)];
    const known = await loggedIn(app, mine);
    const statuses = [];
    for (let round = 0; round < 15; round++) statuses.push((await logIn(known, mine.email, WRONG)).status);
    expect(counts(statuses)).toEqual({ wrong: 10, tooMany: 5 });
    await elsewhere();
    await fail(theirs.email, 12);
    await elsewhere();
    expect((await logIn(known, theirs.email)).status).toBe(429);
  });

  it('is no matter for somebody who knows the password', async () => {
    const { email } = await anAccount(app);
    for (let round = 0; round < 40; round++) await logIn(app.anonymous(), email).expect(201);
  });

  it('is counted again little by little', async () => {
    const { email } = await anAccount(app);
    await fail(email, 12);
    await app.owner.query(`update partner_program.throttle set spent_until = spent_until - interval '181 seconds'`);
    expect(await fail(email, 3)).toEqual([401, 429, 429]);
  });

  it('leaves no address of anybody behind', async () => {
    await logIn(app.anonymous(), 'someone@firma.example', WRONG);
    const keys: { key: string }[] = await app.owner.query('select key from partner_program.throttle');
    for (const { key } of keys) expect(key).toMatch(/^[a-z-]+:[0-9a-f]{64}$/);
  });
});

it('forgets what has expired', async () => {
  const account = await anAccount(app);
  await loggedIn(app, account);
  await app.owner.query(`update partner_program.session set expires_at = now() - interval '1 second'`);
  await app.owner.query(`update partner_program.throttle set spent_until = now() - interval '1 second'`);
  await app.owner.query(`update partner_program.job set due_at = now() where kind = 'retention-60s'`);
  await app.owner.query(`select pg_notify('partner_program_jobs', '')`);
  await eventually(async () => {
    const [{ left }] = await app.owner.query(
      `select (select count(*) from partner_program.session) + (select count(*) from partner_program.throttle) as left`,
    );
    expect(Number(left)).toBe(0);
  });
});
