import express from 'express';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { CRM_CONFIG, type CrmConfig } from '../../../src/crm/crm-config';
import { CrmHost } from '../../../src/crm/crm-host';
import { MailboxController } from '../../../src/crm/mailbox.controller';
import { MailboxService } from '../../../src/crm/mailbox.service';
import { SessionsService } from '../../../src/crm/sessions.service';
import { UsersService } from '../../../src/crm/users.service';
import { CrmRefusal } from '../../../src/crm/web/crm-refusal';
import { bootApp, type Agent, type TestApp } from '../../support/app';

const PASSWORD = 'partner-program';
const UNKNOWN_ID = '0199a3a0-0000-7000-8000-000000000000';

let app: TestApp;
let admin: Agent;
let seller: Agent;
let sellerId: string;
let clientId: string;
let count = 0;

beforeAll(async () => {
  app = await bootApp({ worker: false });
  admin = await app.login('admin@crm.example');
  sellerId = (await aUser({ email: 'seller@crm.example' })).id;
  seller = await app.login('seller@crm.example');
  clientId = (await seller.post('/crm/clients').send({ name: 'Żabka', email: 'zabka@example.com' }).expect(201)).body
    .id;
});
afterAll(() => app.close());

async function aUser(fields: object = {}): Promise<{ id: string; email: string }> {
  const email = `user${++count}@crm.example`;
  const user = { email, firstName: 'Jan', lastName: 'Kos', password: PASSWORD, permissions: [], ...fields };
  return (await admin.post('/crm/users').send(user).expect(201)).body;
}

async function aContract(fields: object = {}): Promise<{ id: string; version: number; status: string }> {
  const contract = { number: `K/${++count}`, clientId, sellerId, valueMinor: 45_000_00, currency: 'PLN', ...fields };
  return (await seller.post('/crm/contracts').send(contract).expect(201)).body;
}

const jobsOf = (contractId: string): Promise<{ key: string }[]> =>
  app.owner.query(`select key from partner_program.job where key like $1 order by key`, [`contract:${contractId}:%`]);

describe('sessions', () => {
  it('signs in with an httpOnly, SameSite=Lax cookie and tells who that is', async () => {
    const reply = await app.anonymous().post('/crm/sessions').send({ email: 'SELLER@crm.example', password: PASSWORD });
    expect(reply.status).toBe(201);
    expect(reply.body.user).toMatchObject({ id: sellerId, email: 'seller@crm.example', permissions: [] });
    expect(reply.body.user).not.toHaveProperty('passwordHash');
    expect(reply.headers['set-cookie']?.[0]).toMatch(/^crm\.sid=.*; HttpOnly; SameSite=Lax$/);
  });

  it.each([
    ['http', 'http', /^crm\.sid=[^;]*; Path=\/; Expires=[^;]*; HttpOnly; SameSite=Lax$/],
    ['http', 'https', /; Secure; SameSite=Lax$/],
    ['https', 'https', /; Secure; SameSite=Lax$/],
    ['https', 'http', /^none$/],
  ])('in production at an %s address keeps a session that begins over %s', async (known, used, cookie) => {
    const config = {
      ...app.nest.get<CrmConfig>(CRM_CONFIG),
      production: true,
      publicUrl: `${known}://crm.example.com`,
    };
    const sessions = new SessionsService(app.nest.get(DataSource), config, app.nest.get(UsersService));
    const site = express().use(sessions.middleware());
    site.get('/', (asked, response) => {
      Object.assign(asked.session, { began: true });
      response.end();
    });
    const { headers } = await request(site).get('/').set('x-forwarded-proto', used).expect(200);
    sessions.onApplicationShutdown();
    expect((headers['set-cookie'] as unknown as string[] | undefined)?.[0] ?? 'none').toMatch(cookie);
  });

  it('answers a wrong password and an unknown address alike', async () => {
    const replies = await Promise.all(
      ['seller@crm.example', 'nobody@crm.example'].map((email) =>
        app.anonymous().post('/crm/sessions').send({ email, password: 'not the password' }),
      ),
    );
    for (const reply of replies) {
      expect(reply.status).toBe(401);
      expect(reply.headers['content-type']).toMatch('application/problem+json');
      expect(reply.body.code).toBe('WRONG_CREDENTIALS');
    }
    expect(replies[0]?.body).toEqual(replies[1]?.body);
  });

  it('gives a new session id at every login and forgets it at logout', async () => {
    const agent = app.anonymous();
    const signIn = async () => {
      const reply = await agent.post('/crm/sessions').send({ email: 'seller@crm.example', password: PASSWORD });
      return reply.headers['set-cookie']?.[0]?.split(';')[0];
    };
    const first = await signIn();
    const second = await signIn();
    expect(second).not.toBe(first);
    for (const cookie of [first, second]) {
      const reply = await app
        .anonymous()
        .get('/crm/contracts')
        .set('Cookie', cookie ?? '');
      expect(reply.status).toBe(cookie === second ? 200 : 401);
    }
    await agent.delete('/crm/sessions/current').expect(204);
    await app
      .anonymous()
      .get('/crm/contracts')
      .set('Cookie', second ?? '')
      .expect(401);
  });

  it('ends with a new password and with the account', async () => {
    const { id, email } = await aUser();
    const before = await app.login(email);
    await admin.patch(`/crm/users/${id}`).send({ password: 'another password' }).expect(200);
    await before.get('/crm/contracts').expect(401);
    const after = await app.login(email, 'another password');
    await admin.patch(`/crm/users/${id}`).send({ active: false }).expect(200);
    await after.get('/crm/contracts').expect(401);
  });

  it('refuses what another site makes a browser send, login included', async () => {
    const credentials = { email: 'seller@crm.example', password: PASSWORD };
    const foreign = await app.anonymous().post('/crm/sessions').set('Origin', 'https://evil.example').send(credentials);
    expect([foreign.status, foreign.body.code]).toEqual([403, 'FOREIGN_ORIGIN']);
    for (const site of ['cross-site', 'same-site']) {
      await seller.post('/crm/clients').set('Sec-Fetch-Site', site).send({ name: 'x' }).expect(403);
    }
    await seller.post('/crm/clients').set('Sec-Fetch-Site', 'same-origin').send({ name: 'x' }).expect(201);
  });

  it('asks for a login, and for the permission', async () => {
    expect((await app.anonymous().get('/crm/clients')).body.code).toBe('UNAUTHENTICATED');
    for (const path of ['/crm/users', '/crm/statuses', `/crm/users/${sellerId}`]) {
      const reply = await seller.get(path);
      expect([reply.status, reply.body.code]).toEqual([403, 'FORBIDDEN']);
    }
  });
});

describe('users', () => {
  it('takes an address once, whatever its case', async () => {
    const { email } = await aUser();
    const again = { email: email.toUpperCase(), firstName: 'A', lastName: 'B', password: PASSWORD, permissions: [] };
    const reply = await admin.post('/crm/users').send(again);
    expect([reply.status, reply.body.code]).toEqual([409, 'EMAIL_TAKEN']);
  });

  it('[F79] refuses an address with half a character in it', async () => {
    for (const field of ['email', 'mailbox']) {
      const user = { email: 'half@crm.example', firstName: 'A', lastName: 'B', password: PASSWORD, permissions: [] };
      const reply = await admin.post('/crm/users').send({ ...user, [field]: 'a\ud800@crm.example' });
      expect([field, reply.status, reply.body.code]).toEqual([field, 400, 'MALFORMED_REQUEST']);
    }
  });

  it('changes the fields sent, and clears a supervisor with null', async () => {
    const boss = await aUser();
    const user = await aUser({ supervisorId: boss.id, mailbox: 'box@crm.example', locale: 'pt-BR', phone: '+48 1' });
    expect(user).toMatchObject({ supervisorId: boss.id, mailbox: 'box@crm.example', locale: 'pt-BR', phone: '+48 1' });
    const changed = await admin
      .patch(`/crm/users/${user.id}`)
      .send({ supervisorId: null, permissions: ['participate'] });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({ ...user, supervisorId: null, permissions: ['participate'] });
    expect((await admin.get(`/crm/users/${user.id}`)).body).toEqual(changed.body);
  });

  it('refuses a supervisor who is unknown or stands below', async () => {
    const top = await aUser();
    const middle = await aUser({ supervisorId: top.id });
    const bottom = await aUser({ supervisorId: middle.id });
    for (const supervisorId of [top.id, middle.id, bottom.id]) {
      const reply = await admin.patch(`/crm/users/${top.id}`).send({ supervisorId });
      expect([reply.status, reply.body.code]).toEqual([409, 'SUPERVISOR_CYCLE']);
    }
    const unknown = await admin.patch(`/crm/users/${top.id}`).send({ supervisorId: UNKNOWN_ID });
    expect([unknown.status, unknown.body.code]).toEqual([422, 'SUPERVISOR_UNKNOWN']);
  });

  it('lets two moves at once close no circle', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await aUser(), await aUser()];
      const replies = await Promise.all([
        admin.patch(`/crm/users/${a.id}`).send({ supervisorId: b.id }),
        admin.patch(`/crm/users/${b.id}`).send({ supervisorId: a.id }),
      ]);
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });

  it('lists page by page, none twice', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: Awaited<ReturnType<Agent['get']>> = await admin
        .get(`/crm/users?limit=3${cursor && `&cursor=${cursor}`}`)
        .expect(200);
      expect(body.data.length).toBeLessThanOrEqual(3);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    const [{ users }] = await app.owner.query('select count(*)::int as users from crm."user"');
    expect(seen).toHaveLength(users);
  });
});

describe('clients and statuses', () => {
  it('[P18] lists clients with whether they are partners', async () => {
    const { body } = await seller.get('/crm/clients').expect(200);
    const client = body.data.find(({ id }: { id: string }) => id === clientId);
    expect(client).toMatchObject({ name: 'Żabka', email: 'zabka@example.com', taxId: null, isPartner: false });
    expect(body.nextCursor).toBeNull();
  });

  it('lists the statuses in order, and takes a new one', async () => {
    await admin.post('/crm/statuses').send({ key: 'archived', label: 'Archiwum', position: 9 }).expect(201);
    const { body } = await admin.get('/crm/statuses').expect(200);
    expect(body.data.map(({ key }: { key: string }) => key)).toEqual([
      'draft',
      'sent',
      'signed',
      'cancelled',
      'refunded',
      'archived',
    ]);
  });
});

describe('clients', () => {
  it('changes the tax number of a client and leaves what is not named', async () => {
    const made = await admin.post('/crm/clients').send({ name: 'Zorza', email: 'biuro@zorza.example' }).expect(201);
    const edit = (id: string, body: object) => admin.patch(`/crm/clients/${id}`).send(body);
    const changed = await edit(made.body.id, { taxId: '5252248481' }).expect(200);
    expect(changed.body).toMatchObject({ name: 'Zorza', email: 'biuro@zorza.example', taxId: '5252248481' });
    await edit(made.body.id, { name: null }).expect(400);
    await edit('019400ab-0000-7000-8000-000000000000', { taxId: '1' }).expect(404);
  });
});

describe('contracts', () => {
  it('[P12] tells the program of the contract and of each change, once and in the same transaction', async () => {
    const contract = await aContract({ product: 'Licencja' });
    expect(contract).toMatchObject({ status: 'draft', version: 1, valueMinor: 45_000_00, currency: 'PLN', sellerId });
    const signed = await seller.post(`/crm/contracts/${contract.id}/status`).send({ status: 'signed' }).expect(200);
    expect(signed.body).toMatchObject({ id: contract.id, status: 'signed', version: 2 });
    const again = await seller.post(`/crm/contracts/${contract.id}/status`).send({ status: 'signed' }).expect(200);
    expect(again.body.version).toBe(2);
    const worth = await seller
      .patch(`/crm/contracts/${contract.id}`)
      .send({ valueMinor: 1, product: null })
      .expect(200);
    expect(worth.body).toMatchObject({ valueMinor: 1, product: null, version: 3 });
    const same = await seller.patch(`/crm/contracts/${contract.id}`).send({ valueMinor: 1 }).expect(200);
    expect(same.body.version).toBe(3);
    const refund = { status: 'signed', refundBps: 2_500 };
    const refunded = await seller.post(`/crm/contracts/${contract.id}/status`).send(refund).expect(200);
    expect(refunded.body.version).toBe(4);

    const history = await app.owner.query(
      `select version, status, value_minor::int as "valueMinor", product, refund_bps as "refundBps"
         from crm.contract_change where contract_id = $1 order by version`,
      [contract.id],
    );
    expect(history).toEqual([
      { version: 1, status: 'draft', valueMinor: 45_000_00, product: 'Licencja', refundBps: null },
      { version: 2, status: 'signed', valueMinor: 45_000_00, product: 'Licencja', refundBps: null },
      { version: 3, status: 'signed', valueMinor: 1, product: null, refundBps: null },
      { version: 4, status: 'signed', valueMinor: 1, product: null, refundBps: 2_500 },
    ]);
    const keys = (await jobsOf(contract.id)).map(({ key }) => key);
    expect(keys).toEqual([1, 2, 3, 4].map((version) => `contract:${contract.id}:${version}`));
  });

  it('[P20] reports who referred the contract with each change', async () => {
    const contract = await aContract({ referredBy: 'KOWAL7' });
    expect(contract).toMatchObject({ referredBy: 'KOWAL7', version: 1 });
    const edit = (body: object) => seller.patch(`/crm/contracts/${contract.id}`).send(body);
    await edit({ referredBy: '' }).expect(400);
    await edit({ referredBy: 'x'.repeat(101) }).expect(400);
    expect((await edit({ valueMinor: 5 }).expect(200)).body).toMatchObject({ referredBy: 'KOWAL7', version: 2 });
    expect((await edit({ referredBy: null }).expect(200)).body).toMatchObject({ referredBy: null, version: 3 });
    expect((await edit({ referredBy: null }).expect(200)).body.version).toBe(3);
    const jobs: { by: string | null }[] = await app.owner.query(
      `select payload ->> 'referredBy' as by from partner_program.job where key like $1 order by key`,
      [`contract:${contract.id}:%`],
    );
    expect(jobs.map(({ by }) => by)).toEqual(['kowal7', 'kowal7', null]);
  });

  it('[P12] is told when a change of status happened, and refuses a time that has not come', async () => {
    const { id } = await aContract();
    const occurredAt = new Date(Date.now() - 60_000).toISOString();
    await seller.post(`/crm/contracts/${id}/status`).send({ status: 'sent', occurredAt }).expect(200);
    const [job]: { at: string }[] = await app.owner.query(
      `select payload ->> 'occurredAt' as at from partner_program.job where key = $1`,
      [`contract:${id}:2`],
    );
    expect(job).toEqual({ at: occurredAt });
    const ahead = { status: 'draft', occurredAt: new Date(Date.now() + 60_000).toISOString() };
    expect((await seller.post(`/crm/contracts/${id}/status`).send(ahead).expect(422)).body.code).toBe('FUTURE_CHANGE');
    await seller.post(`/crm/contracts/${id}/status`).send({ status: 'draft', occurredAt: 'yesterday' }).expect(400);
  });

  it('[P12] changes nothing when the program cannot be told', async () => {
    const { id } = await aContract();
    await app.owner.query('alter table partner_program.job add constraint closed check (false) not valid');
    app.nest.useLogger(false);
    const reply = await seller.post(`/crm/contracts/${id}/status`).send({ status: 'signed' });
    app.nest.useLogger(['error']);
    await app.owner.query('alter table partner_program.job drop constraint closed');
    expect([reply.status, reply.body.code]).toEqual([500, 'INTERNAL']);
    expect((await seller.get(`/crm/contracts/${id}`)).body).toMatchObject({ status: 'draft', version: 1 });
  });

  it('numbers twenty changes at once without a gap', async () => {
    const { id } = await aContract();
    const change = (valueMinor: number) => seller.patch(`/crm/contracts/${id}`).send({ valueMinor });
    const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => change(index)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const rows = await app.owner.query(
      `select version, occurred_at >= lag(occurred_at) over (order by version) as ordered
         from crm.contract_change where contract_id = $1 order by version`,
      [id],
    );
    expect(rows.map(({ version }: { version: number }) => version)).toEqual(
      Array.from({ length: 21 }, (_, i) => i + 1),
    );
    expect(rows.slice(1).every(({ ordered }: { ordered: boolean }) => ordered)).toBe(true);
  });

  it.each([
    ['a number that is taken', { number: 'TAKEN' }, 409, 'NUMBER_TAKEN'],
    ['an unknown client', { clientId: UNKNOWN_ID }, 422, 'CLIENT_UNKNOWN'],
    ['an unknown seller', { sellerId: UNKNOWN_ID }, 422, 'SELLER_UNKNOWN'],
    ['a negative value', { valueMinor: -1 }, 400, 'INVALID_INPUT'],
    ['a fraction', { valueMinor: 1.5 }, 400, 'INVALID_INPUT'],
    ['a value beyond all bounds', { valueMinor: 1e21 }, 400, 'INVALID_INPUT'],
    ['a value as text', { valueMinor: '100' }, 400, 'INVALID_INPUT'],
    ['a currency that is none', { currency: 'zł' }, 400, 'INVALID_INPUT'],
    ['a currency nobody uses', { currency: 'XYQ' }, 422, 'CURRENCY_UNKNOWN'],
    ['a field it does not know', { version: 7 }, 400, 'INVALID_INPUT'],
    ['a NUL in a text', { product: 'a\u0000b' }, 400, 'INVALID_INPUT'],
  ])('refuses %s', async (_, fields, status, code) => {
    if (code === 'NUMBER_TAKEN') await aContract(fields);
    const contract = { number: `K/${++count}`, clientId, sellerId, valueMinor: 1, currency: 'PLN', ...fields };
    const reply = await seller.post('/crm/contracts').send(contract);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    if (code === 'INVALID_INPUT' && !('product' in fields)) {
      expect(reply.body.errors).toEqual([expect.objectContaining({ field: Object.keys(fields)[0] })]);
    }
  });

  it.each([{ status: 'no-such' }, { status: 'signed', refundBps: 0 }, { status: 'signed', refundBps: 10_001 }])(
    'refuses %j as a status',
    async (body) => {
      const { id } = await aContract();
      const reply = await seller.post(`/crm/contracts/${id}/status`).send(body);
      expect([reply.status, reply.body.code]).toEqual(
        'refundBps' in body ? [400, 'INVALID_INPUT'] : [422, 'STATUS_UNKNOWN'],
      );
    },
  );

  it('answers an unknown id and a malformed one alike', async () => {
    for (const id of [UNKNOWN_ID, 'nonsense', '%00']) {
      const reply = await seller.get(`/crm/contracts/${id}`);
      expect([reply.status, reply.body.code]).toEqual([404, 'NOT_FOUND']);
      await seller.patch(`/crm/contracts/${id}`).send({ valueMinor: 1 }).expect(404);
      await seller.post(`/crm/contracts/${id}/status`).send({ status: 'signed' }).expect(404);
    }
  });

  it('answers broken JSON, an oversized body and an unknown path without a word of the inside', async () => {
    const broken = await seller.post('/crm/clients').type('json').send('{"name": ');
    expect([broken.status, broken.body.code]).toEqual([400, 'MALFORMED_REQUEST']);
    const large = await seller.post('/crm/clients').send({ name: 'x'.repeat(300_000) });
    expect([large.status, large.body.code]).toEqual([413, 'TOO_LARGE']);
    const unknown = await seller.get('/crm/nothing');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'NOT_FOUND']);
    for (const reply of [broken, large, unknown]) {
      expect(reply.headers['content-type']).toMatch('application/problem+json');
      expect(reply.text).not.toMatch(/node_modules|\bat /);
    }
  });
});

describe('the development mailbox', () => {
  it('lists what was sent, oldest first, a repetition once', async () => {
    const host = app.nest.get(CrmHost);
    const mail = { to: 'a@example.com', from: null, subject: 'Żółw', text: 'tekst', html: '<p>tekst</p>' };
    for (const id of ['first', 'second', 'first']) await host.sendMail({ ...mail, id, text: id });
    const { body } = await app.anonymous().get('/crm/mailbox').expect(200);
    expect(body.map(({ text }: { text: string }) => text)).toEqual(['first', 'second']);
    expect(body[0]).toEqual({
      ...mail,
      text: 'first',
      from: 'powiadomienia@crm.example',
      headers: {},
      at: expect.any(String),
    });
  });

  it('is absent in production', () => {
    const config = { ...app.nest.get<CrmConfig>(CRM_CONFIG), production: true };
    const controller = new MailboxController(app.nest.get(MailboxService), config);
    expect(() => controller.list()).toThrow(new CrmRefusal('NOT_FOUND'));
  });
});

describe('pages', () => {
  const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8';

  it('shows each page to a browser, with what is typed into it escaped', async () => {
    const { id } = await aContract({ product: '<script>x()</script>' });
    const paths = [
      '/crm/contracts',
      `/crm/contracts/${id}`,
      '/crm/clients',
      '/crm/users',
      '/crm/statuses',
      '/crm/mailbox',
    ];
    for (const path of [...paths, `/crm/users/${sellerId}`, '/login']) {
      const reply = await admin.get(path).set('Accept', HTML);
      expect([path, reply.status, reply.type]).toEqual([path, 200, 'text/html']);
      expect(reply.text).not.toContain('<script>');
    }
  });

  it('[P2] shows the program in the left menu to those who may participate', async () => {
    const { email } = await aUser({ permissions: ['participate'], locale: 'pl' });
    const participant = await app.login(email);
    const withIt = (await participant.get('/crm/contracts').set('Accept', HTML)).text;
    const without = (await seller.get('/crm/contracts').set('Accept', HTML).set('Accept-Language', 'pl')).text;
    expect(withIt).toContain('<a href="/partner-program">Program partnerski</a>');
    expect(without).not.toContain('Program partnerski');
    expect(without).not.toContain('/partner-program');
  });

  it('leads an anonymous browser through the login to the page it asked for, and nowhere else', async () => {
    const browser = app.anonymous();
    const asked = await browser.get('/crm/clients?limit=5').set('Accept', HTML);
    expect([asked.status, asked.headers.location]).toEqual([303, '/login?next=%2Fcrm%2Fclients%3Flimit%3D5']);
    const signIn = (next: string) =>
      browser
        .post(`/crm/sessions?next=${encodeURIComponent(next)}`)
        .set('Accept', HTML)
        .type('form')
        .send({ email: 'seller@crm.example', password: PASSWORD });
    expect((await signIn('/crm/clients?limit=5')).headers.location).toBe('/crm/clients?limit=5');
    for (const next of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/.//evil.example',
      'javascript:1',
    ]) {
      const reply = await signIn(next);
      expect([reply.status, reply.headers.location]).toEqual([303, '/']);
    }
    expect((await browser.get('/')).headers.location).toBe('/crm/contracts');
  });

  it('takes forms as a person fills them in, and goes on with 303', async () => {
    const form = (path: string, fields: object) => admin.post(path).set('Accept', HTML).type('form').send(fields);
    const fields = { number: 'F/1', clientId, sellerId, value: '1 234,50', currency: 'PLN', product: '' };
    expect((await form('/crm/contracts', fields)).status).toBe(303);
    const { body } = await admin.get('/crm/contracts');
    const contract = body.data.find(({ number }: { number: string }) => number === 'F/1');
    expect(contract).toMatchObject({ valueMinor: 123_450, product: null });
    const path = `/crm/contracts/${contract.id}`;
    await form(path, { _method: 'PATCH', value: '99.9', valueCurrency: 'PLN', product: 'Serwis' });
    const reply = await form(`${path}/status`, { status: 'refunded', refundPercent: '12,5' });
    expect([reply.status, reply.headers.location]).toEqual([303, path]);
    expect((await admin.get(path)).body).toMatchObject({ valueMinor: 9_990, product: 'Serwis', status: 'refunded' });
    const [change] = await app.owner.query(
      'select refund_bps as "refundBps" from crm.contract_change where contract_id = $1 and version = 3',
      [contract.id],
    );
    expect(change.refundBps).toBe(1_250);
    expect((await form(path, { _method: 'PATCH', value: '1,234', valueCurrency: 'PLN' })).status).toBe(400);
  });

  it('changes a user by a form: an empty password stays, an emptied supervisor goes', async () => {
    const boss = await aUser();
    const { id, email } = await aUser({ supervisorId: boss.id, permissions: ['participate'] });
    const fields = { firstName: 'Ola', lastName: 'Kos', email, phone: '', mailbox: '', locale: '', active: 'true' };
    const empty = { _method: 'PATCH', password: '', supervisorId: '', 'permissions[]': '' };
    await admin
      .post(`/crm/users/${id}`)
      .set('Accept', HTML)
      .type('form')
      .send({ ...fields, ...empty })
      .expect(303);
    const { body } = await admin.get(`/crm/users/${id}`);
    expect(body).toMatchObject({ firstName: 'Ola', supervisorId: null, permissions: [], phone: null });
    await app.login(email);
  });
});
