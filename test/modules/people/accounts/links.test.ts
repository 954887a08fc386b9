import { request as plainRequest } from 'node:http';
import { DeparturesService } from '../../../../modules/people/partners/departures/departures.service';
import { attributeChanges } from '../../../../modules/platform/audit/audit.queries';
import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { anAccount, codeOf, linkTo, loggedIn, logIn, mailsTo, PASSWORD } from './account-builder';

const NEW_PASSWORD = 'cztery niebieskie żółwie';

let app: TestApp;
beforeAll(async () => {
  app = await bootApp();
});
beforeEach(() => app.owner.query('delete from partner_program.throttle'));
afterAll(() => app.close());

const askForReset = (email: unknown) => app.anonymous().post('/partner-program/password-resets').send({ email });

async function aResetLink(email: string) {
  const before = (await app.mails()).filter(({ to }) => to === email).length;
  await askForReset(email).expect(202);
  return linkTo(app, email, before + 1);
}

const resetBy = (path: string, password: unknown = NEW_PASSWORD) => app.anonymous().post(path).send({ password });

const confirmed = async (partnerId: string) =>
  (
    await app.owner.query('select email_confirmed_at is not null as yes from partner_program.partner where id = $1', [
      partnerId,
    ])
  )[0].yes as boolean;

describe('[P10] a confirmation mail', () => {
  it('goes out once with the registration; until it is confirmed nothing can be done, and everything looked at', async () => {
    const account = await anAccount(app, { emailConfirmed: false });
    const agent = await loggedIn(app, account);
    const { path } = await linkTo(app, account.email);
    await agent.get('/partner-program').expect(200);
    const refused = [
      await agent.post('/partner-program/withdrawals').send({ amountMinor: 1000, currency: 'PLN' }),
      await agent.put('/partner-program/password').send({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD }),
    ];
    expect(refused.map((reply) => [reply.status, codeOf(reply)])).toEqual([
      [403, 'EMAIL_UNCONFIRMED'],
      [403, 'EMAIL_UNCONFIRMED'],
    ]);
    const page = await agent.get('/partner-program').set('Accept', 'text/html').expect(200);
    expect(page.text).toContain('action="/partner-program/email-confirmations"');
    expect(page.text).toContain(account.email);

    await app.anonymous().post(path).expect(204);
    expect(await confirmed(account.partnerId)).toBe(true);
    expect((await mailsTo(app, account.email)).length).toBe(1);
    expect(
      codeOf(await agent.post('/partner-program/withdrawals').send({ amountMinor: 1000, currency: 'PLN' })),
    ).not.toBe('EMAIL_UNCONFIRMED');
  });

  it('[F57] [F64] is repeated a few times; only the newest link works', async () => {
    const account = await anAccount(app, { emailConfirmed: false });
    const agent = await loggedIn(app, account);
    const first = await linkTo(app, account.email);
    const resend = () => agent.post('/partner-program/email-confirmations').expect(202);
    await resend();
    const second = await linkTo(app, account.email, 2);
    expect(second.secret).not.toBe(first.secret);
    expect(codeOf(await app.anonymous().post(first.path).expect(410))).toBe('LINK_INACTIVE');
    await resend();
    await resend();
    const refused = await agent.post('/partner-program/email-confirmations').expect(429);
    expect(codeOf(refused)).toBe('TOO_MANY_ATTEMPTS');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(60);
    const newest = await linkTo(app, account.email, 4);
    await app.anonymous().post(newest.path).expect(204);
    await resend(); // Confirmed already: nothing is mailed, and that is no failure.
    expect((await mailsTo(app, account.email)).length).toBe(4);
  });
});

describe('[S12] a confirmation link that came too late', () => {
  const ask = (email: string) => app.anonymous().post('/partner-program/confirmation-requests').send({ email });

  it('shows the way to a new one, which works', async () => {
    const account = await anAccount(app, { emailConfirmed: false });
    const late = await linkTo(app, account.email);
    await app.owner.query(
      `update partner_program.one_time_token
          set created_at = now() - interval '49 hours', expires_at = now() - interval '1 second' where partner_id = $1`,
      [account.partnerId],
    );
    for (const reply of [await app.anonymous().get(late.path), await app.anonymous().post(late.path)]) {
      expect(reply.body).toMatchObject({ code: 'LINK_INACTIVE', renewal: '/partner-program/confirmation-requests' });
    }
    const page = await app.anonymous().get(late.path).set('accept', 'text/html').expect(410);
    expect(page.text).toContain('href="/partner-program/confirmation-requests"');
    const form = await app.anonymous().get('/partner-program/confirmation-requests').set('accept', 'text/html');
    expect(form.text).toContain('action="/partner-program/confirmation-requests"');
    const sent = await ask(account.email.toUpperCase()).set('accept', 'text/html').type('form').expect(303);
    const notice = await app.anonymous().get(sent.headers.location!).set('accept', 'text/html').expect(200);
    expect(notice.text).toContain('role="status"');
    const { path } = await linkTo(app, account.email, 2);
    await app.anonymous().post(path).expect(204);
    expect(await confirmed(account.partnerId)).toBe(true);
  });

  it('[F62] [F64] is renewed with one answer for every address, and a few mails to the one that waits', async () => {
    const [waiting, done] = [await anAccount(app, { emailConfirmed: false }), await anAccount(app)];
    await linkTo(app, waiting.email);
    const answers = [];
    for (const address of [waiting.email, done.email, 'nobody@firma.example', 'no address at all']) {
      const { status, body, headers } = await ask(address);
      const { date: _, 'x-request-id': __, ratelimit: ___, ...rest } = headers as Record<string, unknown>;
      answers.push(JSON.stringify([status, body, rest]));
    }
    expect(new Set(answers).size).toBe(1);
    for (let more = 0; more < 3; more++) await ask(waiting.email).expect(202);
    await mailsTo(app, waiting.email, 4);
    const agent = await loggedIn(app, waiting);
    expect(codeOf(await agent.post('/partner-program/email-confirmations').expect(429))).toBe('TOO_MANY_ATTEMPTS');
    for (let more = 0; more < 3; more++) await ask('nobody@firma.example').expect(202);
    expect(codeOf(await ask('nobody@firma.example').expect(429))).toBe('TOO_MANY_ATTEMPTS');
    expect((await mailsTo(app, waiting.email)).length).toBe(4);
    expect((await app.mails()).filter(({ to }) => to === done.email || to.includes('nobody'))).toEqual([]);
  });
});

describe('[F54] a link', () => {
  it('works for one of fifty at once', async () => {
    const account = await anAccount(app);
    const { path } = await aResetLink(account.email);
    const passwords = Array.from({ length: 50 }, (_, index) => `papuga numer ${index} leci`);
    const replies = await Promise.all(passwords.map((password) => resetBy(path, password)));
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(49);
    await logIn(app.anonymous(), account.email, passwords[statuses.indexOf(204)]).expect(201);
    const [{ count }] = await app.owner.query(
      `select count(*)::integer from partner_program.job where payload ->> 'template' = 'passwordChanged' and payload ->> 'to' = $1`,
      [account.email],
    );
    expect(count).toBe(1);
    expect(codeOf(await resetBy(path).expect(410))).toBe('LINK_INACTIVE');
  });

  it('[S12] confirms once when fifty press the button at once, and says so to all', async () => {
    const sponsor = await anAccount(app);
    const account = await anAccount(app, { emailConfirmed: false, sponsorId: sponsor.partnerId });
    const { path } = await linkTo(app, account.email);
    const replies = await Promise.all(Array.from({ length: 50 }, () => app.anonymous().post(path)));
    expect(replies.filter(({ status }) => status !== 204)).toEqual([]);
    const [{ told }] = await app.owner.query(
      'select count(*)::integer as told from partner_program.notification where partner_id = $1',
      [sponsor.partnerId],
    );
    expect(told).toBe(1);
  });

  it('[F57] that is unknown, used, expired or of another kind gets one and the same answer', async () => {
    const account = await anAccount(app);
    const unconfirmed = await anAccount(app, { emailConfirmed: false });
    const expired = await aResetLink(account.email);
    await app.owner.query(
      `update partner_program.one_time_token
      set created_at = now() - interval '61 minutes', expires_at = now() - interval '1 second' where partner_id = $1`,
      [account.partnerId],
    );
    const other = (await linkTo(app, unconfirmed.email)).secret;
    const paths = [expired.secret, other, 'A'.repeat(43), 'x', 'A'.repeat(1000)].map(
      (secret) => `/partner-program/password-resets/${secret}`,
    );
    const answers = [];
    for (const path of paths) {
      for (const reply of [await app.anonymous().get(path), await resetBy(path)])
        answers.push([reply.status, reply.body]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject([410, { code: 'LINK_INACTIVE' }]);
    await expect(
      app.owner.query(`update partner_program.one_time_token set expires_at = created_at where partner_id = $1`, [
        account.partnerId,
      ]),
    ).rejects.toThrow('one_time_token_expires');
    await app.anonymous().post(`/partner-program/email-confirmations/${other}`).expect(204);
  });

  it('[F57] dies with the address it was mailed to', async () => {
    const account = await anAccount(app);
    const { path } = await aResetLink(account.email);
    await app.owner.query(`update partner_program.partner set email = 'moved@firma.example' where id = $1`, [
      account.partnerId,
    ]);
    await resetBy(path).expect(410);
  });

  it('[S12] that has confirmed an address says so ever after, until another address takes its place', async () => {
    const account = await anAccount(app, { emailConfirmed: false });
    const { path } = await linkTo(app, account.email);
    await app.anonymous().post(path).expect(204);
    const again = () => app.anonymous().get(path).set('accept', 'text/html');
    const page = (await again().expect(200)).text;
    expect(page).toContain('jest już potwierdzony');
    expect(page).toContain('href="/partner-program/login"');
    expect(page).not.toContain('<form class="pp-card"');
    expect((await app.anonymous().get(path)).body).toMatchObject({ confirmed: true });

    await app.owner.query(
      `update partner_program.one_time_token
          set used_at = null, created_at = now() - interval '49 hours', expires_at = now() - interval '1 second'
        where partner_id = $1`,
      [account.partnerId],
    );
    await app.anonymous().post(path).expect(204);
    await app.owner.query(`update partner_program.partner set email = 'elsewhere@firma.example' where id = $1`, [
      account.partnerId,
    ]);
    await again().expect(410);
    await app.anonymous().post(path).expect(410);
  });

  it('[F57] of somebody who has left is dead', async () => {
    const account = await anAccount(app);
    const { path } = await aResetLink(account.email);
    await app.db.transaction(async (tx) => {
      await attributeChanges(tx, { ref: 'program' });
      await app.nest.get(DeparturesService).leave(tx, account.partnerId, 'program');
    });
    await resetBy(path).expect(410);
    await logIn(app.anonymous(), account.email).expect(401);
  });

  it.each([
    ['pl', 'potwierdz-email'],
    ['pt-BR', 'confirmar-email'],
    ['en', 'confirm-email'],
  ])('[S12] [F58] that confirms an address reads %s like its mail; looking shows a button', async (locale, word) => {
    const account = await anAccount(app, { emailConfirmed: false });
    const agent = await loggedIn(app, account);
    await app.owner.query('update partner_program.partner set locale = $2 where id = $1', [account.partnerId, locale]);
    const before = (await mailsTo(app, account.email)).length;
    await agent.post('/partner-program/email-confirmations').expect(202);
    const { path } = await linkTo(app, account.email, before + 1);
    expect(path).toMatch(new RegExp(`^/${word}/[\\w-]{43}$`));
    const page = await app.anonymous().get(path).set('accept', 'text/html').expect(200);
    expect(page.text).toContain(`action="${path}"`);
    await app.anonymous().post(path).expect(204);
    const { body } = await agent.get('/partner-program/account').expect(200);
    expect(body).toMatchObject({ emailConfirmed: true });
  });

  it('[F58] is not used up by looking', async () => {
    const account = await anAccount(app, { emailConfirmed: false });
    const { path } = await linkTo(app, account.email);
    for (const headers of [
      {},
      { 'User-Agent': 'Barracuda Sentinel' },
      { Purpose: 'prefetch' },
      { 'Sec-Purpose': 'prefetch' },
      { Accept: 'text/html' },
    ]) {
      const get = await app.anonymous().get(path).set(headers).expect(200);
      const head = await app.anonymous().head(path).set(headers).expect(200);
      expect([get.headers['set-cookie'], head.headers['set-cookie']]).toEqual([undefined, undefined]);
    }
    expect(await confirmed(account.partnerId)).toBe(false);
    const page = await app.anonymous().get(path).set('Accept', 'text/html');
    expect(page.text).toContain(`<form class="pp-card" method="post" action="${path}">`);
    expect((await app.anonymous().get(path)).body).toEqual({
      email: `p…@firma.example`,
      change: false,
      confirmed: false,
    });
    await app.anonymous().post(path).expect(204);
  });

  it('[F59] begins with the address of the program, whatever a request says', async () => {
    const account = await anAccount(app);
    const body = JSON.stringify({ email: account.email });
    const poisons: Record<string, string>[] = [
      { Host: 'evil.example' },
      { 'X-Forwarded-Host': 'evil.example' },
      { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '8443' },
      { Forwarded: 'host=evil.example;proto=https' },
      { 'X-Original-URL': 'https://evil.example/', 'X-Host': 'evil.example' },
    ];
    for (const [index, headers] of poisons.entries()) {
      await app.owner.query('delete from partner_program.throttle');
      expect(await postRaw(`${app.url}/partner-program/password-resets`, headers, body)).toBe(202);
      const { url } = await linkTo(app, account.email, index + 1);
      expect(new URL(url).origin).toBe(app.url);
    }
    expect(JSON.stringify(await app.mails())).not.toContain('evil');
  });

  it('[F60] stands in the mail and nowhere else, and its page tells nobody', async () => {
    const account = await anAccount(app);
    const { path, secret } = await aResetLink(account.email);
    for (const accept of ['text/html', 'application/json']) {
      const { headers } = await app.anonymous().get(path).set('Accept', accept).expect(200);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex',
      });
    }
    const refused = await resetBy(path, 'short').set('Accept', 'text/html');
    expect(refused.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect((await resetBy(path, 'short').expect(422)).text).not.toContain(secret);
    await resetBy(path).expect(204);
    const tables: { name: string }[] = await app.owner.query(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('partner_program', 'crm')`,
    );
    const holders = [];
    for (const { name } of tables) {
      const [{ count }] = await app.owner.query(
        `select count(*)::integer from ${name} t where t::text like '%${secret}%'`,
      );
      if (count > 0) holders.push(name);
    }
    expect(holders).toEqual(['crm.mail']);
  });

  it('shows its form again after a weak password, and goes on working', async () => {
    const account = await anAccount(app);
    const { path } = await aResetLink(account.email);
    const submit = (password: string) =>
      app.anonymous().post(path).set('Accept', 'text/html').type('form').send({ password });
    const again = await submit('wrona1234').expect(422);
    expect(again.text).toContain('role="alert"');
    expect(again.text).toContain('type="password"');
    expect(again.text).not.toContain('wrona1234');
    expect(again.headers['referrer-policy']).toBe('no-referrer');
    const done = await submit(NEW_PASSWORD).expect(303);
    expect(done.headers.location).toBe('/partner-program/notices/passwordSet');
    const notice = await app.anonymous().get(done.headers.location!).set('Accept', 'text/html').expect(200);
    expect(notice.text).toContain('role="status"');
    expect((await submit(NEW_PASSWORD).expect(410)).text).toContain('role="alert"');
  });

  it('[F61] with nothing, little or too much in it never does anything', async () => {
    await anAccount(app);
    for (const kind of ['password-resets', 'email-confirmations', 'email-changes']) {
      for (const secret of [
        '',
        'undefined',
        'null',
        '%00',
        'a',
        '..%2f..',
        encodeURIComponent("' or 1=1 --"),
        '%ff',
        'A'.repeat(8_000),
        '0',
      ]) {
        const post = await app.anonymous().post(`/partner-program/${kind}/${secret}`).send({ password: NEW_PASSWORD });
        const get = await app.anonymous().get(`/partner-program/${kind}/${secret}`);
        expect([kind, secret.slice(0, 20), [400, 401, 404, 410].includes(post.status)]).toEqual([
          kind,
          secret.slice(0, 20),
          true,
        ]);
        expect([kind, secret.slice(0, 20), get.status < 500]).toEqual([kind, secret.slice(0, 20), true]);
      }
    }
    const huge = await app.anonymous().get(`/partner-program/password-resets/${'A'.repeat(20 * 1024)}`);
    expect(huge.status).toBe(431);
  });
});

describe('[F62] asking for a new password', () => {
  it('is answered alike for known and unknown addresses, and mails known ones only', async () => {
    const { email } = await anAccount(app);
    const answers = [];
    for (const address of [email, 'nobody@firma.example', 'no address at all', email.toUpperCase()]) {
      const { status, body, headers } = await askForReset(address);
      const { date: _, 'x-request-id': __, ratelimit: ___, ...rest } = headers as Record<string, unknown>;
      answers.push(JSON.stringify([status, body, rest]));
    }
    expect(new Set(answers).size).toBe(1);
    await mailsTo(app, email, 2);
    expect((await app.mails()).filter(({ to }) => to.includes('nobody') || to.includes('no address'))).toEqual([]);
  });

  it('[F55] never mails to an address that was only typed', async () => {
    const { email } = await anAccount(app, { email: 'kim@ink.example' });
    for (const address of [
      '\u212aim@ink.example',
      'kim@\u0131nk.example',
      'kim@ink.example,eve@evil.example',
      'kim@ink.example\neve@evil.example',
      ' KIM@ink.example ',
    ])
      await askForReset(address);
    for (const body of [
      { email: [email, 'eve@evil.example'] },
      { email: { 0: email, 1: 'eve@evil.example' } },
      [{ email }],
    ]) {
      await app.anonymous().post('/partner-program/password-resets').send(body).expect(400);
    }
    await app
      .anonymous()
      .post('/partner-program/password-resets')
      .type('form')
      .send(`email=${email}&email=eve@evil.example`)
      .expect(400);
    await mailsTo(app, email, 1);
    const to = new Set((await app.mails()).map((mail) => mail.to).filter((address) => /ink|eve/.test(address)));
    expect([...to]).toEqual([email]);
  });

  it('[F64] fills nobody’s mailbox, and says so to nobody', async () => {
    const { email } = await anAccount(app);
    const statuses = [];
    for (let round = 0; round < 8; round++) statuses.push((await askForReset(email)).status);
    expect(statuses).toEqual(Array(8).fill(202));
    const jobs: unknown[] = await app.owner.query(
      `select from partner_program.job where payload ->> 'subjectId' = $1`,
      [email],
    );
    expect(jobs).toHaveLength(3);
    for (let round = 0; round < 2; round++) await askForReset(`someone${round}@firma.example`).expect(202);
    expect(codeOf(await askForReset('another@firma.example').expect(429))).toBe('TOO_MANY_ATTEMPTS');
  });
});

describe('[F65] a new password', () => {
  it('by a link ends every session, proves the address and lets its owner in', async () => {
    const account = await anAccount(app, { emailConfirmed: false });
    await linkTo(app, account.email);
    const thief = await loggedIn(app, account);
    const { path } = await aResetLink(account.email);
    await resetBy(path).expect(204);
    await thief.get('/partner-program').expect(401);
    await logIn(app.anonymous(), account.email).expect(401);
    await loggedIn(app, account, NEW_PASSWORD);
    expect(await confirmed(account.partnerId)).toBe(true);
    expect((await mailsTo(app, account.email, 3)).at(-1)!.subject).toBe('Your password was changed');
  });

  it('of one’s own ends the other sessions and needs the old one', async () => {
    const account = await anAccount(app);
    const [here, there] = [await loggedIn(app, account), await loggedIn(app, account)];
    const change = (currentPassword: unknown, newPassword: unknown) =>
      here.put('/partner-program/password').send({ currentPassword, newPassword });
    expect(codeOf(await change('not the password', NEW_PASSWORD).expect(403))).toBe('WRONG_PASSWORD');
    expect(codeOf(await change(PASSWORD, 'short').expect(422))).toBe('PASSWORD_TOO_SHORT');
    expect(codeOf(await change(PASSWORD, 'wrona1234').expect(422))).toBe('PASSWORD_TOO_WEAK');
    await change(PASSWORD, [NEW_PASSWORD]).expect(400);
    await there.get('/partner-program').expect(200);
    await change(PASSWORD, NEW_PASSWORD).expect(204);
    await here.get('/partner-program').expect(200);
    await there.get('/partner-program').expect(401);
    await logIn(app.anonymous(), account.email).expect(401);
    await logIn(app.anonymous(), account.email, NEW_PASSWORD.normalize('NFD')).expect(201);
  });

  it('leaves no session that was opened at the same moment with the old one', async () => {
    for (let round = 0; round < 5; round++) {
      const account = await anAccount(app);
      const { path } = await aResetLink(account.email);
      const thieves = Array.from({ length: 8 }, () => app.anonymous());
      const [reset] = await Promise.all([resetBy(path), ...thieves.map((thief) => logIn(thief, account.email))]);
      expect(reset.status).toBe(204);
      const left = await Promise.all(
        thieves.map((thief) => thief.get('/partner-program').then(({ status }) => status)),
      );
      expect(new Set(left)).toEqual(new Set([401]));
      await app.owner.query('delete from partner_program.throttle');
    }
  });

  it('is not guessed through a stolen session', async () => {
    const agent = await loggedIn(app, await anAccount(app));
    const guess = () =>
      agent.put('/partner-program/password').send({ currentPassword: 'a guess of many', newPassword: NEW_PASSWORD });
    const statuses = [];
    for (let round = 0; round < 7; round++) statuses.push((await guess()).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429]);
  });
});

describe('[P10] a change of the address', () => {
  it('takes effect once both ends have confirmed', async () => {
    const account = await anAccount(app);
    const agent = await loggedIn(app, account);
    const email = `new.${account.email}`;
    expect(codeOf(await agent.post('/partner-program/email-changes').send({ email, password: 'not it at all' }))).toBe(
      'WRONG_PASSWORD',
    );
    await agent.post('/partner-program/email-changes').send({ email, password: PASSWORD }).expect(202);
    const [old, fresh] = [await linkTo(app, account.email), await linkTo(app, email)];
    const first = await app.anonymous().post(fresh.path).expect(200);
    expect(first.body).toMatchObject({ complete: false });
    await logIn(app.anonymous(), email).expect(401);
    expect(codeOf(await app.anonymous().post(fresh.path).expect(410))).toBe('LINK_INACTIVE');
    const second = await app.anonymous().post(old.path).expect(200);
    expect(second.body).toMatchObject({ complete: true });
    await logIn(app.anonymous(), email).expect(201);
    await logIn(app.anonymous(), account.email).expect(401);
  });

  it('mends a slip of the pen in one that was never confirmed', async () => {
    const account = await anAccount(app, { email: 'tpyo@firma.example', emailConfirmed: false });
    const agent = await loggedIn(app, account);
    const stale = await linkTo(app, account.email);
    await agent
      .post('/partner-program/email-changes')
      .send({ email: 'typo@firma.example', password: PASSWORD })
      .expect(202);
    const { path } = await linkTo(app, 'typo@firma.example');
    expect((await app.anonymous().post(path).expect(200)).body).toMatchObject({ complete: true });
    expect(await confirmed(account.partnerId)).toBe(true);
    expect((await mailsTo(app, account.email)).length).toBe(1);
    await app.anonymous().post(stale.path).expect(410);
  });

  it('[F62] to somebody else’s address is answered alike, and never happens', async () => {
    const [mine, theirs] = [await anAccount(app), await anAccount(app)];
    const agent = await loggedIn(app, mine);
    await agent.post('/partner-program/email-changes').send({ email: theirs.email, password: PASSWORD }).expect(202);
    const { path } = await linkTo(app, mine.email);
    expect((await app.anonymous().post(path).expect(200)).body).toMatchObject({ complete: false });
    expect((await app.mails()).filter(({ to }) => to === theirs.email)).toEqual([]);
  });

  it('[F55] takes one plain address', async () => {
    const agent = await loggedIn(app, await anAccount(app));
    for (const email of [
      ['a@firma.example'],
      { a: 1 },
      'a@firma.example,b@firma.example',
      'Ewa <a@firma.example>',
      '\u212aim@firma.example',
      'kim@f\u0131rma.example',
      'a@firma',
      'a b@firma.example',
      '',
      null,
      `a\r\nBcc: b@firma.example`,
    ]) {
      const reply = await agent.post('/partner-program/email-changes').send({ email, password: PASSWORD });
      expect([email, reply.status, codeOf(reply)]).toEqual([email, 400, 'INVALID_INPUT']);
    }
  });
});

function postRaw(url: string, headers: Record<string, string>, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    plainRequest(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end(body);
  });
}
