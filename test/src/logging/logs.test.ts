import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Host } from '../../../modules/host';
import { redacted } from '../../../modules/kernel/redacted';
import { JsonLogger } from '../../../src/logging/json-logger';
import { sendRaw } from '../../abuse/raw';
import { anAccount, loggedIn } from '../../modules/people/accounts/account-builder';
import { bootApp, type TestApp } from '../../support/app';
import { eventually } from '../../support/eventually';
import { Office, type Member } from '../../support/program';

let app: TestApp;
let office: Office;
let seller: Member;
let written = '';

beforeAll(async () => {
  app = await bootApp();
  app.nest.useLogger(new JsonLogger('debug', { write: (line: string) => void (written += line) }));
  office = await Office.open(app);
  seller = await office.member();
});
afterAll(() => app.close());
beforeEach(() => (written = ''));

type Line = Record<string, unknown>;
const lines = (): Line[] =>
  written
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const requests = () => lines().filter(({ context }) => context === 'Request');

describe('[F86] the logs in JSON', () => {
  it('say of a request what was asked, by whom, how it ended and its name', async () => {
    const name = 'from-the-proxy-7';
    await seller.agent
      .get(`/partner-program/partners/${seller.partnerId}/wallets?email=somebody@example.com`)
      .set('X-Request-Id', name)
      .expect(200)
      .expect('x-request-id', name);
    await eventually(() => expect(requests()).toHaveLength(1));
    expect(requests()[0]).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      pid: process.pid,
      hostname: expect.any(String),
      context: 'Request',
      requestId: name,
      method: 'GET',
      route: '/partner-program/partners/:id/wallets',
      status: 200,
      durationMs: expect.any(Number),
      actor: `user:${seller.id}`,
    });
  });

  it('know partners without a CRM account, and addresses that no route has', async () => {
    const account = await anAccount(app);
    const agent = await loggedIn(app, account);
    await agent.get('/partner-program/account').expect(200);
    await agent.get('/crm/nowhere/secret').expect(404);
    await app.anonymous().get('/partner-program/health/live').expect(200);
    await eventually(() => expect(requests().length).toBeGreaterThanOrEqual(4));
    expect(requests().map(({ level, route, status, actor }) => [level, route, status, actor])).toEqual([
      ['info', '/partner-program/sessions', 201, undefined],
      ['info', '/partner-program/account', 200, `partner:${account.partnerId}`],
      ['info', 'unmatched', 404, undefined],
      ['debug', '/partner-program/health/live', 200, undefined],
    ]);
  });

  it('[F60] hold no token, password, address or query of anybody, whatever fails', async () => {
    const secret = randomBytes(32).toString('base64url');
    const mail = 'kanarek@poczta.example';
    const password = 'Kanarek-w-klatce-77';
    const send = app.nest.get(Host, { strict: false });
    send.sendMail = () => Promise.reject(new Error(`550 <${mail}> has no mailbox; see https://x/${secret}`));
    const agent = await app.login(seller.email);
    for (const path of ['zaproszenie', 'partner-program/password-resets', 'partner-program/email-confirmations']) {
      await agent.get(`/${path}/${secret}?email=${mail}`);
      await agent.post(`/${path}/${secret}`).send({ email: mail, password });
    }
    await app.anonymous().post('/crm/sessions').send({ email: mail, password });
    await app.anonymous().post('/partner-program/sessions').send({ email: mail, password });
    await app.anonymous().get('/partner-program/metrics').set('Authorization', `Bearer ${secret}`);
    await app.anonymous().get('/partner-program').set('Cookie', `crm.sid=${secret}; partner-program=${secret}`);
    await app.anonymous().post('/crm/contracts').type('json').send(`{"${mail}": "${password}`);
    const invitation = { firstName: 'Kanarek', lastName: 'Kanarkowski', email: mail, subject: 'Hej', body: '{{link}}' };
    await agent.post('/partner-program/invitations').send(invitation).expect(201);
    await eventually(() => expect(lines().some(({ msg }) => String(msg).includes('has no mailbox'))).toBe(true));
    const query = jest.spyOn(app.db.manager, 'query').mockRejectedValue(new Error(`host ${mail} ${secret} is away`));
    await agent.get(`/partner-program?next=${mail}`).expect(500);
    query.mockRestore();
    for (const canary of [secret, mail, 'kanarek@', password, 'Kanarkowski']) expect(written).not.toContain(canary);
    expect(lines().some(({ stack }) => String(stack).includes('host <e-mail> <token> is away'))).toBe(true);
  });

  it('are one line for each event, whatever anybody writes into an address, a header or a message', async () => {
    const forged = '{"level":"fatal","msg":"forged"}';
    const evil = `x%0d%0a${encodeURIComponent(forged)}`;
    await sendRaw(app, app.anonymous(), { method: 'GET', path: `/partner-program/${evil}?a=${evil}` });
    await app.anonymous().get('/crm/contracts').set('X-Request-Id', `12345678"${forged}`).expect(401);
    new Logger('Test').error(`one\r\n${forged}\u2028${forged}`, `stack\n${forged}`);
    await eventually(() => expect(requests()).toHaveLength(2));
    expect(lines()).toHaveLength(3);
    expect(lines().filter(({ level }) => level === 'fatal')).toEqual([]);
    expect(requests()[1]!.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

it('[F60] makes addresses and tokens unreadable, and leaves paths, ids and sentences alone', () => {
  const token = randomBytes(32).toString('base64url');
  expect(redacted(`to <a.b+c@d.example>, smtp://user:pass@host/x, key ${token}!`)).toBe(
    'to <<e-mail>>, smtp://user:<e-mail>/x, key <token>!',
  );
  const harmless = 'at f (/srv/node_modules/@nestjs/core/router.js:1:2) mail:0190b6d5-0000-7000-8000-000000000001';
  expect(redacted(harmless)).toBe(harmless);
});
