import { bootApp, type Agent, type TestApp } from '../../../support/app';
import { Office, type Member } from '../../../support/program';

const KEYS = '/partner-program/settings/api-keys';

let app: TestApp;
let office: Office;
let partner: Member;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  partner = await office.member();
});
afterAll(() => app.close());

interface MadeKey {
  readonly id: string;
  readonly key: string;
  readonly hint: string;
}

async function makeKey(...scopes: string[]): Promise<MadeKey> {
  const { body } = await office.admin.post(KEYS).send({ name: 'ERP', scopes }).expect(201);
  return body as MadeKey;
}

const get = (path: string, key: string, agent: Agent = app.anonymous()) =>
  agent.get(`/partner-program${path}`).set('authorization', `Bearer ${key}`);
const post = (path: string, key: string, body: object) =>
  app.anonymous().post(`/partner-program${path}`).set('authorization', `Bearer ${key}`).send(body);

describe('a key', () => {
  it('is shown once, and only its hash is kept', async () => {
    const made = await makeKey('manageBalances:read');
    expect(made.key).toMatch(/^pp_[\w-]{43}$/);
    expect(made.hint).toBe(made.key.slice(-4));
    const { text } = await office.admin.get(KEYS).expect(200);
    expect(text).toContain(made.id);
    expect(text).not.toContain(made.key);
    const rows = await app.owner.query<object[]>('select * from partner_program.api_key');
    expect(JSON.stringify(rows)).not.toContain(made.key);
    const log = await app.owner.query<object[]>('select * from partner_program.audit_record');
    expect(JSON.stringify(log)).toContain('apiKey.made');
    expect(JSON.stringify(log)).not.toContain(made.key);
  });

  it('[Q12] is shown by a form without JavaScript too, as the answer itself', async () => {
    const page = await office.admin
      .post(KEYS)
      .set('accept', 'text/html')
      .type('form')
      .send({ name: 'Księgowość', 'scopes[1]': 'manageBalances:read', expiresAt: '' })
      .expect(201);
    const [key] = /pp_[\w-]{43}/.exec(page.text)!;
    expect(page.headers['cache-control']).toContain('no-store');
    await get('/withdrawals', key).expect(200);
  });

  it('reads with a scope to read, and changes nothing with it', async () => {
    const { key } = await makeKey('manageBalances:read');
    await get(`/partners/${partner.partnerId}/wallets`, key).expect(200);
    const path = `/partners/${partner.partnerId}/adjustments`;
    const correction = { amountMinor: 100, currency: 'PLN', reason: 'Made by a machine' };
    const refused = await post(path, key, correction).expect(403);
    expect(refused.body).toMatchObject({ code: 'FORBIDDEN', permission: 'manageBalances' });
    const writing = await makeKey('manageBalances:write');
    await post(path, writing.key, correction).expect(201);
    await get(`/partners/${partner.partnerId}/wallets`, writing.key).expect(200);
  });

  it('is good for its own scopes only, and is nobody’s partner', async () => {
    const { key } = await makeKey('viewAllPartners:read');
    await get('/partners', key).expect(200);
    await get('/withdrawals', key).expect(403);
    await get('/settings', key).expect(403);
    await get('', key).expect(403);
    await post('/withdrawals', key, { amountMinor: 100, currency: 'PLN' }).expect(403);
    await get('/membership', key).expect(403);
  });

  it('stands in the audit log as who made the change', async () => {
    const { id, key } = await makeKey('configure:write');
    await app
      .anonymous()
      .put('/partner-program/settings')
      .set('authorization', `Bearer ${key}`)
      .send({ minimumWithdrawalMinor: 1_234 })
      .expect(200);
    const { body } = await office.admin.get('/partner-program/audit?action=settings.changed').expect(200);
    expect((body as { data: object[] }).data[0]).toMatchObject({ actor: { ref: `key:${id}`, name: 'ERP' } });
  });

  it('is the only one who asks, whatever cookies come along', async () => {
    const { key } = await makeKey('viewAllPartners:read');
    await get('/settings', key, office.admin).expect(403);
  });

  it('[F84] makes and ends no keys, whatever its scopes', async () => {
    const { id, key } = await makeKey('configure:read', 'configure:write');
    const refused = await post('/settings/api-keys', key, { name: 'Another', scopes: ['configure:write'] }).expect(403);
    expect(refused.body).toMatchObject({ code: 'PEOPLE_ONLY' });
    await get('/settings/api-keys', key).expect(403);
    await app.anonymous().delete(`${KEYS}/${id}`).set('authorization', `Bearer ${key}`).expect(403);
  });

  it('notes its use', async () => {
    const { id, key } = await makeKey('viewAllPartners:read');
    const lastUsed = async () => {
      const rows = await app.owner.query<{ at: Date | null }[]>(
        'select last_used_at as at from partner_program.api_key where id = $1',
        [id],
      );
      return rows[0]!.at;
    };
    expect(await lastUsed()).toBeNull();
    await get('/partners', key).expect(200);
    expect(await lastUsed()).not.toBeNull();
  });
});

describe('[F57] [F61] a key that is not good gets one and the same answer', () => {
  it.each(['pp_', 'pp_unknown', `pp_${'a'.repeat(43)}`, `pp_${'a'.repeat(8_000)}`])('%.20s', async (key) => {
    const { body } = await get('/partners', key, office.admin).expect(401);
    expect(body).toMatchObject({ code: 'UNAUTHENTICATED' });
    await get('/health/live', key).expect(401);
  });

  it('revoked: at once, and never again', async () => {
    const { id, key } = await makeKey('viewAllPartners:read');
    await get('/partners', key).expect(200);
    await office.admin.delete(`${KEYS}/${id}`).expect(204);
    await office.admin.delete(`${KEYS}/${id}`).expect(204);
    const { body } = await get('/partners', key).expect(401);
    expect(body).toMatchObject({ code: 'UNAUTHENTICATED' });
    const revive = app.db.query('update partner_program.api_key set revoked_at = null where id = $1', [id]);
    await expect(revive).rejects.toThrow(/never changed/);
  });

  it('expired', async () => {
    const { id, key } = await makeKey('viewAllPartners:read');
    await app.owner.query('alter table partner_program.api_key disable trigger api_key_settled');
    await app.owner.query(
      `update partner_program.api_key set created_at = now() - interval '2 days', expires_at = now() - interval '1 ms'
        where id = $1`,
      [id],
    );
    await app.owner.query('alter table partner_program.api_key enable trigger api_key_settled');
    await get('/partners', key).expect(401);
    const { text } = await office.admin.get(KEYS).expect(200);
    expect(JSON.parse(text)).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ id, status: 'expired' })]),
    });
  });

  it('while a bearer token that is none of ours is the host’s affair', async () => {
    await office.admin.get('/partner-program/settings').set('authorization', 'Bearer eyJhbGciOi').expect(200);
  });
});

it.each([
  ['no scope', { scopes: [] }],
  ['an unknown scope', { scopes: ['participate:write'] }],
  ['a scope twice', { scopes: ['configure:read', 'configure:read'] }],
  ['no name', { name: '' }],
])('takes no key with %s', async (_, fields) => {
  await office.admin
    .post(KEYS)
    .send({ name: 'ERP', scopes: ['configure:read'], ...fields })
    .expect(400);
});

it('takes no key that has expired already', async () => {
  const { body } = await office.admin
    .post(KEYS)
    .send({ name: 'ERP', scopes: ['configure:read'], expiresAt: '2020-01-01T00:00:00Z' })
    .expect(422);
  expect(body).toMatchObject({ code: 'EXPIRES_IN_PAST' });
});
