import { createRequire } from 'node:module';
import type * as Argon2 from '@node-rs/argon2';
import { AccountsService } from '../../../../modules/people/accounts/accounts.service';
import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { anAccount, codeOf, loggedIn, logIn, PASSWORD } from './account-builder';

/** As the program has it, to see what it asks of it. */
const argon2 = createRequire(__filename)('@node-rs/argon2') as typeof Argon2;
let app: TestApp;
beforeAll(async () => {
  app = await bootApp();
});
afterAll(() => app.close());

const cookiesOf = ({ headers }: { headers: Record<string, unknown> }) => (headers['set-cookie'] ?? []) as string[];
const sessionIn = (cookies: string[]) => cookies.find((cookie) => cookie.startsWith('pp_session='))!;

describe('[P9] a partner without a CRM account', () => {
  it('logs in, sees the dashboard and logs out', async () => {
    const account = await anAccount(app);
    const agent = app.anonymous();
    const reply = await logIn(agent, account.email).expect(201);
    expect(reply.body).toEqual({
      partner: expect.objectContaining({ id: account.partnerId, email: account.email, emailConfirmed: true }),
    });
    const dashboard = await agent.get('/partner-program').expect(200);
    expect(dashboard.body).toMatchObject({ partner: { id: account.partnerId } });
    await agent.delete('/partner-program/sessions/current').expect(204);
    await agent.get('/partner-program').expect(401);
  });

  it('[P1] has no permission of the host', async () => {
    const agent = await loggedIn(app, await anAccount(app));
    await agent.get('/partner-program/settings').expect(403);
    await agent.get('/partner-program/membership').expect(403);
    await agent.get('/partner-program/withdrawals').expect(200);
  });

  it('finds the login page, and from there the page that was asked for', async () => {
    const { email } = await anAccount(app);
    const agent = app.anonymous();
    const page = await agent
      .get('/partner-program/login?next=/partner-program/account')
      .set('Accept', 'text/html')
      .expect(200);
    expect(page.text).toContain('action="/partner-program/sessions?next&#x3D;%2Fpartner-program%2Faccount"');
    const reply = await agent
      .post('/partner-program/sessions?next=/partner-program/account')
      .set('Accept', 'text/html')
      .type('form')
      .send({ email, password: PASSWORD })
      .expect(303);
    expect(reply.headers.location).toBe('/partner-program/account');
    const account = await agent.get('/partner-program/account').set('Accept', 'text/html').expect(200);
    expect(account.text).toContain(email);
    await agent.delete('/partner-program/sessions/current').expect(204);
    const later = await agent.get('/partner-program/account').set('Accept', 'text/html').expect(303);
    expect(later.headers.location).toBe('/partner-program/login?next=%2Fpartner-program%2Faccount');
  });

  it.each([
    ['tells', true],
    ['keeps to itself', false],
  ])('is shown the form again after a slip, by a browser that %s where it comes from', async (_, tells) => {
    const { email } = await anAccount(app);
    const login = `${app.url}/partner-program/login?next=/partner-program/account`;
    const agent = app.anonymous();
    const reply = await agent
      .post('/partner-program/sessions?next=%2Fpartner-program%2Faccount')
      .set({ Accept: 'text/html', ...(tells && { Referer: login }) })
      .type('form')
      .send({ email, password: 'not the password' })
      .expect(401);
    expect(reply.text).toContain('<h1>');
    expect(reply.text).toContain(`value="${email}"`);
    expect(reply.text).toContain('action="/partner-program/sessions?next&#x3D;%2Fpartner-program%2Faccount');
    expect(reply.text.match(/role="alert"/g)).toHaveLength(1);
    expect(reply.text).not.toContain('not the password');
  });

  it('finds the way between the two logins', async () => {
    const crm = await app.anonymous().get('/login?next=/partner-program').set('Accept', 'text/html').expect(200);
    expect(crm.text).toContain('href="/partner-program/login?next=%2Fpartner-program"');
    const own = await app.anonymous().get('/partner-program/login').set('Accept', 'text/html').expect(200);
    expect(own.text).toContain('href="/login"');
  });

  it('is not led to another site by the login page', async () => {
    const { email } = await anAccount(app);
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      const reply = await app
        .anonymous()
        .post(`/partner-program/sessions?next=${encodeURIComponent(next)}`)
        .set('Accept', 'text/html')
        .type('form')
        .send({ email, password: PASSWORD });
      expect([next, reply.headers.location]).toEqual([next, '/partner-program']);
    }
  });
});

describe('[F65] a session', () => {
  it('is a cookie that scripts cannot read, and of which only the hash is kept', async () => {
    const cookies = cookiesOf(await logIn(app.anonymous(), (await anAccount(app)).email));
    expect(sessionIn(cookies)).toMatch(
      /^pp_session=[\w-]{43}; Max-Age=1209600; Path=\/; Expires=.+; HttpOnly; SameSite=Lax$/,
    );
    const secret = sessionIn(cookies).slice('pp_session='.length, 'pp_session='.length + 43);
    const dump: { row: string }[] = await app.owner.query('select s::text as row from partner_program.session s');
    expect(dump.some(({ row }) => row.includes(secret))).toBe(false);
  });

  it('never is one that the browser brought along', async () => {
    const { email } = await anAccount(app);
    const planted = 'A'.repeat(43);
    const reply = await app
      .anonymous()
      .post('/partner-program/sessions')
      .set('Cookie', `pp_session=${planted}`)
      .send({ email, password: PASSWORD })
      .expect(201);
    expect(sessionIn(cookiesOf(reply))).not.toContain(planted);
    await app.anonymous().get('/partner-program').set('Cookie', `pp_session=${planted}`).expect(401);
  });

  it('ends when the same browser logs in again', async () => {
    const { email } = await anAccount(app);
    const agent = app.anonymous();
    const first = sessionIn(cookiesOf(await logIn(agent, email))).split(';')[0]!;
    await logIn(agent, email).expect(201);
    await app.anonymous().get('/partner-program').set('Cookie', first).expect(401);
    await agent.get('/partner-program').expect(200);
  });

  it('is worth nothing once its cookie was stolen before logging out', async () => {
    const agent = app.anonymous();
    const stolen = sessionIn(cookiesOf(await logIn(agent, (await anAccount(app)).email))).split(';')[0]!;
    await app.anonymous().get('/partner-program').set('Cookie', stolen).expect(200);
    await agent.delete('/partner-program/sessions/current').expect(204);
    await app.anonymous().get('/partner-program').set('Cookie', stolen).expect(401);
  });

  it('[F57] ends when nobody uses it, and in the end anyway', async () => {
    const account = await anAccount(app);
    const agent = await loggedIn(app, account);
    const session = `update partner_program.session set`;
    const where = `where partner_id = '${account.partnerId}'`;
    await app.owner.query(
      `${session} last_seen_at = last_seen_at - interval '2 minutes', expires_at = now() + interval '1 minute' ${where}`,
    );
    await agent.get('/partner-program').expect(200);
    const [used] = await app.owner.query(
      `select expires_at > now() + interval '11 hours' as on from partner_program.session ${where}`,
    );
    expect(used).toEqual({ on: true });

    await app.owner.query(
      `${session} created_at = now() - interval '14 days' + interval '1 hour', expires_at = now() + interval '30 minutes',
        last_seen_at = now() - interval '1 hour' ${where}`,
    );
    await agent.get('/partner-program').expect(200);
    const [old] = await app.owner.query(
      `select expires_at < now() + interval '61 minutes' as on from partner_program.session ${where}`,
    );
    expect(old).toEqual({ on: true });
    await expect(app.owner.query(`${session} expires_at = created_at + interval '15 days' ${where}`)).rejects.toThrow(
      'session_limited',
    );

    await app.owner.query(`${session} expires_at = now() - interval '1 second' ${where}`);
    await agent.get('/partner-program').expect(401);
  });

  it('is listed to its owner and ended by the owner only', async () => {
    const account = await anAccount(app);
    const [here, there] = [await loggedIn(app, account), await loggedIn(app, account)];
    const stranger = await loggedIn(app, await anAccount(app));
    const { body } = await here.get('/partner-program/sessions').expect(200);
    const { data } = body as { data: { id: string; current: boolean; ip: string }[] };
    expect(data.map(({ current }) => current)).toEqual([true, false]);
    expect(data[0]!.ip).toBe('127.0.0.1');
    expect(JSON.stringify(data)).not.toMatch(/[0-9a-f]{64}/);
    await stranger.delete(`/partner-program/sessions/${data[1]!.id}`).expect(404);
    await there.get('/partner-program').expect(200);
    await here.delete(`/partner-program/sessions/${data[1]!.id}`).expect(204);
    await there.get('/partner-program').expect(401);
  });

  it('is not for people who log in through the CRM', async () => {
    const admin = await app.login('admin@crm.example');
    expect(codeOf(await admin.get('/partner-program/account').expect(409))).toBe('NO_OWN_LOGIN');
    expect(codeOf(await app.anonymous().get('/partner-program/sessions').expect(401))).toBe('UNAUTHENTICATED');
  });
});

describe('[F66] logging in', () => {
  it('is not done by another site', async () => {
    const { email } = await anAccount(app);
    const from = (headers: Record<string, string>) =>
      logIn(app.anonymous(), email)
        .set(headers)
        .then((reply) => [reply.status, codeOf(reply), cookiesOf(reply)]);
    expect(await from({ Origin: 'https://evil.example' })).toEqual([403, 'FOREIGN_ORIGIN', []]);
    expect(await from({ Origin: 'null' })).toEqual([403, 'FOREIGN_ORIGIN', []]);
    expect(await from({ 'Sec-Fetch-Site': 'cross-site' })).toEqual([403, 'FOREIGN_ORIGIN', []]);
    expect(await from({ 'Sec-Fetch-Site': 'same-site' })).toEqual([403, 'FOREIGN_ORIGIN', []]);
    const asText = await app
      .anonymous()
      .post('/partner-program/sessions')
      .type('text/plain')
      .send(JSON.stringify({ email, password: PASSWORD }));
    expect([asText.status, cookiesOf(asText)]).toEqual([415, []]);
  });
});

describe('[F62] an unknown address', () => {
  it('is answered like a wrong password, after the same work', async () => {
    const email = 'real-work@firma.example';
    const passwordHash = await app.nest.get(AccountsService).hash(PASSWORD, { email, firstName: 'A', lastName: 'B' });
    await anAccount(app, { email, passwordHash });
    const checks = jest.spyOn(argon2, 'verify');
    /** What an attempt is answered, and how much work each hash was that it checked. */
    const attempt = async (address: string) => {
      const { status, body, headers } = await logIn(app.anonymous(), address, 'not the password');
      const { date: _, 'x-request-id': __, ratelimit: ___, ...rest } = headers as Record<string, unknown>;
      const work = checks.mock.calls.map(([hash]) => String(hash).split('$').slice(1, 4));
      checks.mockClear();
      return { answer: { status, body: body as unknown, headers: rest }, work };
    };
    const known = await attempt(email);
    expect(known.answer.status).toBe(401);
    expect(known.work).toEqual([['argon2id', 'v=19', 'm=19456,t=2,p=1']]);
    expect(await attempt('nobody@firma.example')).toEqual(known);
    expect(await attempt('nobody.else@firma.example')).toEqual(known);
    checks.mockRestore();
  });

  it('[F55] is anything but one address and one password', async () => {
    const { email } = await anAccount(app);
    const bodies: unknown[] = [
      { email: [email], password: PASSWORD },
      { email: { $gt: '' }, password: PASSWORD },
      { email: { toString: email }, password: PASSWORD },
      { email, password: [PASSWORD] },
      { email, password: { length: 20 } },
      { email: null, password: PASSWORD },
      { email: `${email}\u0000`, password: PASSWORD },
      { email },
      {},
      [{ email, password: PASSWORD }],
    ];
    for (const body of bodies) {
      const reply = await app
        .anonymous()
        .post('/partner-program/sessions')
        .send(body as object);
      expect([JSON.stringify(body), reply.status, cookiesOf(reply)]).toEqual([JSON.stringify(body), 400, []]);
    }
    const twice = `email=${encodeURIComponent(email)}&email=other@firma.example&password=${PASSWORD}`;
    await app.anonymous().post('/partner-program/sessions').type('form').send(twice).expect(400);
  });

  it('[F55] is every look-alike of a known one, while case and space around it are not told apart', async () => {
    await anAccount(app, { email: 'mike@ink.example' });
    await logIn(app.anonymous(), ' Mike@INK.example ').expect(201);
    for (const alike of [
      'm\u0131ke@ink.example', // dotless i
      'mi\u212ae@ink.example', // Kelvin sign
      'm\u0456ke@ink.example', // Cyrillic i
      '\uff4dike@ink.example', // full-width m
      'mi\u00adke@ink.example', // soft hyphen
      'mi\u200bke@ink.example', // zero-width space
      'mike@\u0131nk.example',
      'mike+x@ink.example',
      'mike@ink.example,eve@evil.example',
    ]) {
      const { status } = await logIn(app.anonymous(), alike);
      expect([alike, status]).toEqual([alike, 401]);
    }
  });
});
