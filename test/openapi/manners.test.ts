import { codeOf } from '../abuse/people';
import { sendRaw } from '../abuse/raw';
import { bootApp, type TestApp } from '../support/app';
import { Office, type Member } from '../support/program';

let app: TestApp;
let me: Member;
const WITHDRAWALS = '/partner-program/withdrawals';

beforeAll(async () => {
  app = await bootApp();
  me = await (await Office.open(app)).member();
});
afterAll(() => app.close());

it.each([
  ['*/*', 'application/json'],
  ['', 'application/json'],
  ['image/png', 'application/json'],
  ['application/json, text/plain, */*', 'application/json'],
  ['application/json, text/html;q=0.1', 'application/json'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
  ['TEXT/HTML', 'text/html'],
])('answers `Accept: %s` with %s', async (accept, type) => {
  const reply = await me.agent.get(WITHDRAWALS).set('accept', accept).expect(200);
  expect(reply.headers['content-type']).toBe(`${type}; charset=utf-8`);
});

it('says which methods an address has, to whoever asks for them or for another one', async () => {
  const ask = (method: string, path: string) => sendRaw(app, app.anonymous(), { method, path });
  const options = await ask('OPTIONS', WITHDRAWALS);
  expect([options.status, options.headers.allow, options.text]).toEqual([204, 'GET, HEAD, POST', '']);
  for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE']) {
    const refused = await ask(method, WITHDRAWALS);
    expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'METHOD_NOT_ALLOWED', status: 405 });
  }
  expect((await ask('PUT', '/partner-program/nothing')).status).toBe(404);
  expect((await ask('OPTIONS', '/crm/nothing')).headers.allow).toBeUndefined();
});

it('takes no body for none: one in a format that it does not read is refused', async () => {
  const send = (type: string, body: string) => me.agent.post(WITHDRAWALS).set('content-type', type).send(body);
  for (const type of [
    'text/plain',
    'application/xml',
    'application/vnd.api+json',
    'application/json; charset=koi8-r',
  ]) {
    const reply = await send(type, '{"amountMinor":1000,"currency":"PLN"}');
    expect([type, reply.status, codeOf(reply)]).toEqual([type, 415, 'UNSUPPORTED_MEDIA']);
  }
  expect(codeOf(await send('application/json; charset=utf-8', '{"amountMinor":1000,"currency":"PLN"}'))).toBe(
    'INSUFFICIENT_FUNDS',
  );
  expect(codeOf(await me.agent.post('/partner-program/membership/reminders'))).toBe('NO_REMINDER_NEEDED');
});

it('names the field of an address that it cannot read, as it names one of a body', async () => {
  for (const query of ['limit=0', 'limit=101', 'cursor=nonsense']) {
    const reply = await me.agent.get(`${WITHDRAWALS}?${query}`).expect(400);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    const [field] = query.split('=');
    expect(reply.body).toMatchObject({ code: 'INVALID_INPUT', errors: [{ field, message: expect.any(String) }] });
  }
});
