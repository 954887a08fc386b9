import { randomBytes } from 'node:crypto';
import { type Host, PERMISSIONS } from '../../modules/host';
import openapi from '../../openapi.json';
import { CrmHost } from '../../src/crm/crm-host';
import { bootApp, type TestApp } from '../support/app';
import { type FreshDatabase, freshDatabase } from '../support/database';
import { type Member, Office } from '../support/program';
import { type Statements, statementsOf } from '../support/statements';

const BASE = '/partner-program';
const DATA = 'application/json';
const PAGE = 'text/html';

let database: FreshDatabase;
let app: TestApp;
/** Holds every permission, and has a partner account as everybody else. */
let admin: Member;
let partner: Member;
/** What stands in place of the names in the addresses of routes. */
let values: Readonly<Record<string, string>>;
let count: (work: () => Promise<unknown>) => Promise<Statements>;

beforeAll(async () => {
  database = await freshDatabase();
  await fillProgram();
  // No worker runs beside the requests that are counted.
  app = await bootApp({ database, worker: false });
  admin = { ...admin, agent: await app.login(admin.email) };
  partner = { ...partner, agent: await app.login(partner.email) };
  count = statementsOf(app);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** Has something to show on every page of the administrator. */
async function fillProgram(): Promise<void> {
  const first = await bootApp({ database });
  const office = await Office.open(first);
  const plan = await office.levels(1000, 500, 200);
  admin = await office.member(undefined, { permissions: PERMISSIONS });
  partner = await office.member(admin);
  await office.member(partner);
  const contractId = await office.contract(partner, 1_000_00);
  await office.status(contractId, 'signed');
  await office.settled();
  const { agent, partnerId } = admin;
  const added = async (path: string, body: object): Promise<string> =>
    ((await agent.post(`${BASE}/${path}`).send(body).expect(201)).body as { id: string }).id;
  const account = { kind: 'iban', value: 'PL61109010140000071219812874', holder: 'Jan Kos' };
  for (const one of [admin, partner]) await one.agent.put(`${BASE}/payout-account`).send(account).expect(200);
  const guest = { firstName: 'Ola', lastName: 'Nowak', email: 'ola@client.example', subject: 'Hej', body: '{{link}}' };
  const { body: own } = await agent.get(BASE).expect(200);
  const { referralLink, recentEntries } = own as { referralLink: { code: string }; recentEntries: { id: string }[] };
  values = {
    'partners/{id}': `partners/${partnerId}`,
    'plans/{versionId}': `plans/${plan}`,
    'terms/acceptances/{versionId}': `terms/acceptances/${office.termsVersionId}`,
    'terms/{versionId}': `terms/${office.termsVersionId}`,
    'invitations/{id}': `invitations/${await added('invitations', guest)}`,
    'webhooks/{id}': `webhooks/${await added('settings/webhooks', { url: 'https://hook.example', events: ['withdrawal.paid'] })}`,
    'withdrawals/{id}': `withdrawals/${await added('withdrawals', { amountMinor: 10_00, currency: 'PLN' })}`,
    'withdrawals/payment-file': 'withdrawals/payment-file?format=csv',
    'clients/flags': 'clients/flags?ids=x,y',
    '{entryId}': recentEntries[0]!.id,
    '{contractId}': contractId,
    '{code}': referralLink.code,
    '{notice}': 'confirmed',
  };
  await first.close();
}

function addressOf(path: string): string {
  const filled = Object.entries(values).reduce((address, [name, value]) => address.replace(name, value), path);
  return filled.replaceAll(/\{\w+\}/g, () => randomBytes(32).toString('base64url'));
}

/** The second time: what a connection does for the first time only is no request's. */
async function again(work: () => Promise<unknown>): Promise<Statements> {
  await work();
  return count(work);
}

function expectAtMost(most: number, { texts, peak }: Statements): void {
  expect(texts.length > most ? texts : []).toEqual([]);
  expect(peak).toBe(1);
}

describe('[H9] the statements that one request costs', () => {
  it.each([
    [9, 'a dashboard', '', () => partner],
    [9, 'the dashboard of an administrator', '', () => admin],
    [5, 'a list of partners', '/partners', () => partner],
    [5, 'the list of an administrator', '/partners', () => admin],
    [7, 'a preview of the own line', '/contracts/{contractId}/commission-preview', () => partner],
    [7, 'a preview of every line', '/contracts/{contractId}/commission-preview', () => admin],
  ])('at most %d for %s', async (most, _, path, who) => {
    for (const type of [DATA, PAGE]) {
      const get = () =>
        who()
          .agent.get(addressOf(BASE + path))
          .set('Accept', type)
          .expect(200);
      expectAtMost(most, await again(get));
    }
  });

  it('at most 8 for a status of a contract in the CRM', async () => {
    let statuses = ['signed', 'cancelled'];
    const change = () => {
      statuses = statuses.toReversed();
      return admin.agent
        .post(addressOf('/crm/contracts/{contractId}/status'))
        .send({ status: statuses[0] })
        .expect(200);
    };
    expectAtMost(8, await again(change));
  });

  it('at most 8 for a request for a withdrawal, and 9 for its payout', async () => {
    const path = `${BASE}/withdrawals`;
    let id = '';
    const request = async () => {
      const { body } = await partner.agent.post(path).send({ amountMinor: 10_00, currency: 'PLN' }).expect(201);
      ({ id } = body as { id: string });
    };
    const payout = () => admin.agent.post(`${path}/${id}/payout`).send({ reference: 'P/1' }).expect(201);
    await request();
    await payout();
    expectAtMost(8, await count(request));
    expectAtMost(9, await count(payout));
  });
});

describe('[H9] one connection, and no question to the host twice', () => {
  const paths = Object.entries<object>(openapi.paths).flatMap(([path, asked]) => ('get' in asked ? [path] : []));
  /** Links that nobody was sent, files that are not there, and what is for partners without a CRM account. */
  const ELSEWHERE = /\{token\}|\/assets\/|\/metrics$|\/account$|\/sessions$/;
  let questions: string[] = [];
  beforeAll(() => hear(app.nest.get(CrmHost), (question) => questions.push(question)));

  it.each(paths)('%s', async (path) => {
    for (const type of [DATA, PAGE]) {
      questions = [];
      let status = 0;
      const { peak } = await count(async () => {
        ({ status } = await admin.agent.get(addressOf(path)).set('Accept', type));
      });
      expect([status, status === 200 || ELSEWHERE.test(path)]).toEqual([status, true]);
      expect(peak).toBeLessThanOrEqual(1);
      expect(questions).toEqual([...new Set(questions)]);
    }
  });
});

it('[H9] whoever joins, invites or registers takes one connection as well', async () => {
  const user = { firstName: 'Jan', lastName: 'Nowy', password: 'partner-program', permissions: ['participate'] };
  const email = 'newcomer@crm.example';
  const crm = await app.login('admin@crm.example');
  await crm
    .post('/crm/users')
    .send({ ...user, email, supervisorId: admin.id })
    .expect(201);
  const agent = await app.login(email);
  const { body: terms } = await agent.get(`${BASE}/terms/current`).expect(200);
  const { versionId: termsVersionId } = terms as { versionId: string };
  const guest = { firstName: 'Ola', lastName: 'Nowak', subject: 'Hej', body: '{{link}}', email: 'next@client.example' };
  const person = { firstName: 'Ewa', lastName: 'Nowa', email: 'ewa@client.example', password: 'a long enough one' };
  const link = `${BASE}/registrations/link/${values['{code}']!}`;
  const register = { ...person, termsVersionId };
  for (const work of [
    () => agent.post(`${BASE}/membership`).send({ termsVersionId }).expect(201),
    () => agent.post(`${BASE}/invitations`).send(guest).expect(201),
    () => app.anonymous().post(link).send(register).expect(201),
  ]) {
    expect((await count(work)).peak).toBe(1);
  }
});

/** Has every question to the host said before it is answered. */
function hear(host: Host, asked: (question: string) => void): void {
  const questions = [
    'currentUser',
    'permissionsOf',
    'users',
    'usersWith',
    'supervisorOf',
    'clients',
    'contract',
  ] as const;
  for (const name of [...questions, 'statuses', 'mailboxOf'] as const) {
    const answer = host[name].bind(host) as (...about: unknown[]) => unknown;
    const heard = (...about: unknown[]) => {
      asked(name === 'currentUser' ? name : `${name} ${JSON.stringify(about)}`);
      return answer(...about);
    };
    Object.assign(host, { [name]: heard });
  }
}
