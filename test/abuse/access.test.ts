import { randomBytes, randomUUID } from 'node:crypto';
import { bootApp } from '../support/app';
import { codeOf, peopledWorld, type Who, type World } from './people';
import { sendRaw } from './raw';
import { routesOf } from './routes';
import { EVERYBODY, VERDICTS, type Verdict } from './verdicts';

let world: World;
let contractId: string;

beforeAll(async () => {
  const app = await bootApp();
  world = await peopledWorld(app);
  await world.office.levels(1000, 500);
  contractId = await world.office.contract(world.self, 1_000_00);
  await world.office.status(contractId, 'signed');
  await world.office.settled();
});
afterAll(() => world.app.close());

/** Wrong for every field that any body may have. */
const UNACCEPTABLE = { reference: 7, reason: 7, effectiveFrom: 'never', locale: 'xx' };
/** Reasons for being kept out; anything else with 403 would be a refusal of what was asked for. */
const KEPT_OUT = ['FORBIDDEN', 'NOT_A_PARTNER', 'AWAITING_APPROVAL', 'EMAIL_UNCONFIRMED', 'PARTNER_SUSPENDED'];

function addressOf(path: string): string {
  const values: Record<string, string> = {
    id: path.includes('/partners/') ? world.self.partnerId : randomUUID(),
    versionId: randomUUID(),
    contractId,
    token: randomBytes(32).toString('base64url'),
    code: 'NOSUCHCODE',
    notice: 'confirmed',
    hash: '0',
    name: 'package.json',
  };
  return path.replace(/:(\w+)/g, (_, name: string) => values[name] ?? `no value for ${name}`);
}

function send(who: Who, method: string, address: string) {
  const call = world.people[who][method.toLowerCase() as 'get'](address);
  return method === 'GET' || method === 'HEAD' ? call : call.send(UNACCEPTABLE);
}

function expected(verdict: Verdict, who: Who): number {
  const [status] = Object.entries(verdict).find(([, names]) => names.split(' ').includes(who)) ?? [];
  return Number(status ?? (who === 'anonymous' ? 401 : 403));
}

describe('[F69] every route, everybody', () => {
  it('judges all routes that are served, and no other', () => {
    expect(routesOf(world.app)).toEqual(Object.keys(VERDICTS).sort());
  });

  it.each(Object.entries(VERDICTS))('%s', async (route, verdict) => {
    const [method = '', path = ''] = route.split(' ');
    const address = addressOf(path);
    const seen: Record<string, number> = {};
    for (const who of EVERYBODY) {
      const reply = await send(who, method, address);
      seen[who] = reply.status;
      if (reply.status === 401) expect([who, codeOf(reply)]).toEqual([who, 'UNAUTHENTICATED']);
      if (reply.status === 403) expect(KEPT_OUT).toContain(codeOf(reply));
    }
    expect(seen).toEqual(Object.fromEntries(EVERYBODY.map((who) => [who, expected(verdict, who)])));
  });
});

describe('[F69] other ways to write an address', () => {
  const PROTECTED = [
    '/partner-program',
    '/partner-program/partners/:id',
    '/partner-program/partners/:id/wallets',
    '/partner-program/partners/:id/entries.csv',
    '/partner-program/partners/:id/placements',
    '/partner-program/settings',
    '/partner-program/jobs',
    '/partner-program/approvals',
    '/partner-program/withdrawals/payment-file?format=csv',
  ];
  const SPELLINGS: Record<string, (path: string) => string> = {
    'a slash at the end': (path) => path.replace(/(?=\?|$)/, '/'),
    'two slashes in front': (path) => `/${path}`,
    'two slashes within': (path) => path.replace('/partner-program/', '/partner-program//'),
    'upper case': (path) => path.toUpperCase(),
    'an encoded dot': (path) => path.replace('/partner-program', '/%2e/partner-program'),
    'encoded letters': (path) => path.replace('partner', '%70artner'),
    'an encoded slash': (path) => path.replace('/partner-program/', '/partner-program%2f'),
    'a way back': (path) => `/partner-program/health/..%2f..${path}`,
    'a public prefix': (path) => `/partner-program/terms/current/file/../../..${path}`,
    'a parameter': (path) => path.replace(/(?=\?|$)/, ';x'),
    'a null': (path) => path.replace(/(?=\?|$)/, '%00'),
    'a file name': (path) => path.replace(/(?=\?|$)/, '.css'),
    'another method': (path) => `${path}${path.includes('?') ? '&' : '?'}_method=GET`,
  };

  it.each(PROTECTED)('%s', async (path) => {
    const plain = addressOf(path);
    for (const who of ['anonymous', 'stranger', 'other', 'waiting'] as const) {
      const { status } = await send(who, 'GET', plain);
      if (status < 400) continue; // Nothing is kept from this one.
      for (const [spelling, write] of Object.entries(SPELLINGS)) {
        for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST'] as const) {
          const reply = await sendRaw(world.app, world.people[who], { method, path: write(plain) });
          const gained = reply.status < 400 && method !== 'OPTIONS';
          expect({ who, spelling, method, gained }).toEqual({ who, spelling, method, gained: false });
          expect(reply.status).toBeLessThan(500);
        }
      }
      expect((await send(who, 'HEAD', plain)).status).toBe(status);
    }
  });

  it('takes no method from a header', async () => {
    const reply = await world.people.stranger
      .post(`/partner-program/partners/${world.self.partnerId}/suspension`)
      .set({ 'x-http-method-override': 'GET', 'x-original-url': '/partner-program/health/live' })
      .send(UNACCEPTABLE);
    expect([reply.status, codeOf(reply)]).toEqual([403, 'FORBIDDEN']);
  });
});
