import type { Response } from 'supertest';
import { bootApp, type TestApp } from '../../../../support/app';
import { Office } from '../../../../support/program';
import { anAccount, logIn } from '../../../people/accounts/account-builder';

const WRONG = 'a guess of very many';

let app: TestApp;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
});
beforeEach(() => app.owner.query('delete from partner_program.throttle'));
afterAll(() => app.close());

const left = ({ headers }: Response) => Number(/;r=(\d+);t=\d+$/.exec(headers['ratelimit'] ?? '')?.[1]);
const waits = ({ headers }: Response) => Number(headers['retry-after']);

describe('[F63] what is left of the own quota', () => {
  it('of failed logins is told, and how long to wait when nothing is', async () => {
    const first = await logIn(app.anonymous(), 'nobody@firma.example', WRONG);
    expect(first.headers['ratelimit-policy']).toBe('"login-address";q=30;w=600');
    expect([first.status, left(first)]).toEqual([401, 29]);
    expect(left(await logIn(app.anonymous(), 'nobody@firma.example', WRONG))).toBe(28);

    await app.owner.query(
      `update partner_program.throttle set spent_until = now() + interval '599 seconds' where key like 'login-address:%'`,
    );
    const refused = await logIn(app.anonymous(), 'somebody@firma.example', WRONG);
    expect([refused.status, left(refused)]).toEqual([429, 0]);
    expect(waits(refused)).toBeGreaterThan(0);
  });

  it('[F62] is that of the own address, the same whether there is an account, and guessed at or not', async () => {
    const { email } = await anAccount(app);
    for (let round = 0; round < 12; round++) await logIn(app.anonymous(), email, WRONG);
    await app.owner.query(`delete from partner_program.throttle where key like 'login-address:%'`);
    const guessedAt = await logIn(app.anonymous(), email, WRONG);
    await app.owner.query(`delete from partner_program.throttle where key like 'login-address:%'`);
    const unknown = await logIn(app.anonymous(), 'nobody@firma.example', WRONG);
    expect([guessedAt.status, unknown.status]).toEqual([429, 401]);
    expect([left(guessedAt), left(unknown)]).toEqual([29, 29]);
  });

  it('is whole again after a login with the right password', async () => {
    const { email } = await anAccount(app);
    const reply = await logIn(app.anonymous(), email).expect(201);
    expect(left(reply)).toBe(30);
  });

  it('[F64] of resets, registrations and invitations is told', async () => {
    const reset = () => app.anonymous().post('/partner-program/password-resets').send({ email: 'x@firma.example' });
    expect([left(await reset()), left(await reset())]).toEqual([9, 8]);

    const register = () => app.anonymous().post('/partner-program/registrations').send({});
    expect([(await register()).status, left(await register())]).toEqual([400, 200]);

    const { agent } = await office.member();
    const invite = (email: string) =>
      agent
        .post('/partner-program/invitations')
        .send({ firstName: 'Jan', lastName: 'Kos', email, subject: 'Hello', body: 'Join us.' });
    expect([left(await invite('one@firma.example')), left(await invite('two@firma.example'))]).toEqual([49, 48]);
    await app.owner.query(
      `update partner_program.throttle set spent_until = now() + interval '1 day' where key like 'sender:%'`,
    );
    const refused = await invite('three@firma.example');
    expect([refused.status, left(refused)]).toEqual([429, 0]);
    expect(waits(refused)).toBeGreaterThan(0);
  });

  it('of reminders is one a day', async () => {
    const { agent } = await office.user({ supervisorId: (await office.user()).id });
    await agent.post('/partner-program/membership/reminders').expect(202);
    const again = await agent.post('/partner-program/membership/reminders').expect(429);
    expect(waits(again)).toBeGreaterThan(0);
    expect(waits(again)).toBeLessThanOrEqual(86_400);
  });
});
