import { PROGRAM_OPTIONS, type PartnerProgramOptions } from '../../../../modules/options';
import { bootApp, type Agent, type TestApp } from '../../../support/app';
import { Office, type Member } from '../../../support/program';
import { codeOf } from '../../people/accounts/account-builder';

const BASE = '/partner-program/withdrawals';
const FILE = `${BASE}/payment-file`;
const ACCOUNT = { kind: 'iban', value: 'PL61109010140000071219812874', holder: 'Jan Kos' };

let app: TestApp;
let office: Office;
let admin: Agent;
beforeAll(async () => {
  app = await bootApp({ worker: false });
  office = await Office.open(app);
  ({ admin } = office);
  const options: PartnerProgramOptions = app.nest.get(PROGRAM_OPTIONS);
  Object.assign(options, { payer: { name: 'Firma', iban: ACCOUNT.value } });
});
afterAll(() => app.close());
afterEach(async () => {
  const { body } = await admin.get(`${BASE}?status=pending&limit=100`).expect(200);
  for (const { id } of (body as { data: { id: string }[] }).data) {
    await admin.post(`${BASE}/${id}/rejection`).send({ reason: 'The test is over now' }).expect(201);
  }
});

const requireAccount = (requirePayoutAccount: boolean) =>
  admin.put('/partner-program/settings').send({ requirePayoutAccount }).expect(200);
const giveAccount = ({ agent }: Member, account = ACCOUNT) =>
  agent.put('/partner-program/payout-account').send(account).expect(200);
const ask = ({ agent }: Member) => agent.post(BASE).send({ amountMinor: 50_00, currency: 'PLN' });
const rowOf = async (id: string) => {
  const { body } = await admin.get(`${BASE}?status=pending&limit=100`).expect(200);
  return (body as { data: Record<string, unknown>[] }).data.find((row) => row.id === id)!;
};
const bankFile = (query = '') => admin.get(`${FILE}?format=pain001${query}`);
/** The requests in a file, by their end-to-end ids. */
const idsIn = ({ text }: { text: string }) =>
  [...text.matchAll(/<EndToEndId>([^<]+)/g)].map(([, id]) => id!.toLowerCase().replaceAll('-', ''));
const plain = (id: string) => id.replaceAll('-', '');

async function aRich(): Promise<Member> {
  const member = await office.member();
  const change = { amountMinor: 100_00, currency: 'PLN', reason: 'Bonus agreed upon by telephone' };
  await admin.post(`/partner-program/partners/${member.partnerId}/adjustments`).send(change).expect(201);
  return member;
}

async function aRequest(withAccount = true): Promise<{ member: Member; id: string }> {
  const member = await aRich();
  if (withAccount) await giveAccount(member);
  const { body } = await ask(member).expect(201);
  return { member, id: (body as { id: string }).id };
}

describe('[P23] a withdrawal needs an account to go to', () => {
  it('is what a fresh program asks for', async () => {
    const [column] = await app.owner.query<{ fresh: string }[]>(
      `select column_default as fresh from information_schema.columns
        where table_schema = 'partner_program' and table_name = 'settings' and column_name = 'require_payout_account'`,
    );
    expect(column!.fresh).toBe('true');
  });

  it('and is refused without one, by form and API, until it is given', async () => {
    await requireAccount(true);
    const member = await aRich();
    expect(codeOf(await ask(member).expect(409))).toBe('PAYOUT_ACCOUNT_MISSING');
    const page = await member.agent.get(`${BASE}/request`).set('accept', 'text/html').expect(200);
    expect(page.text).toContain('Najpierw podaj konto do wypłat.');
    await giveAccount(member);
    const { body } = await ask(member).expect(201);
    expect((body as { account: { value: string } }).account.value).toMatch(/2874$/);
    await requireAccount(false);
  });

  it('is payable by no way while a pending one names none, and takes the account over once it is there', async () => {
    const { member, id } = await aRequest(false);
    await requireAccount(true);
    expect(await rowOf(id)).toMatchObject({ payable: false, blocks: ['PAYOUT_ACCOUNT_MISSING'] });
    const refused = await admin.post(`${BASE}/${id}/payout`).send({}).expect(409);
    expect(refused.body).toMatchObject({ code: 'WITHDRAWAL_BLOCKED', blocks: ['PAYOUT_ACCOUNT_MISSING'] });
    const bulk = await admin
      .post(`${BASE}/payouts`)
      .send({ ids: [id] })
      .expect(200);
    expect((bulk.body as { results: object[] }).results).toMatchObject([{ status: 'refused' }]);
    expect(codeOf(await admin.get(`${FILE}?format=csv&ids=${id}`).expect(409))).toBe('WITHDRAWAL_BLOCKED');
    expect((await admin.get(`${FILE}?format=csv`).expect(200)).headers.leftout).toBe('1');

    const takeOver = () => member.agent.post(`${BASE}/${id}/account`).send({});
    expect(codeOf(await takeOver().expect(409))).toBe('PAYOUT_ACCOUNT_MISSING');
    await giveAccount(member);
    expect((await takeOver().expect(201)).body).toMatchObject({ id, account: { holder: 'Jan Kos' } });
    expect(codeOf(await takeOver().expect(409))).toBe('PAYOUT_ACCOUNT_GIVEN');
    expect(await rowOf(id)).toMatchObject({ payable: true, blocks: [] });
    await admin.post(`${BASE}/${id}/payout`).send({}).expect(201);
    expect(codeOf(await takeOver().expect(409))).toBe('WITHDRAWAL_NOT_PENDING');
    const log = await admin.get('/partner-program/audit?action=withdrawal.directed').expect(200);
    expect((log.body as { data: object[] }).data).toHaveLength(1);
    await requireAccount(false);
  });

  it('[F44] is taken over by nobody else, and an account once named is never replaced', async () => {
    const { member, id } = await aRequest(false);
    const other = await aRich();
    await giveAccount(other);
    await other.agent.post(`${BASE}/${id}/account`).send({}).expect(404);
    await giveAccount(member);
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => (await member.agent.post(`${BASE}/${id}/account`).send({})).status),
    );
    expect(statuses.sort()).toEqual([201, 409, 409, 409, 409]);
    await expect(
      app.owner.query(`update partner_program.withdrawal set payout_account = '{}' where id = $1`, [id]),
    ).rejects.toMatchObject({ driverError: { code: '23001' } });
  });
});

describe('[P23] a file for the bank', () => {
  it('marks its requests, and a second one does not hold them again unless asked', async () => {
    const [first, second] = [await aRequest(), await aRequest()];
    const file = await bankFile().expect(200);
    expect(idsIn(file).sort()).toEqual([plain(first.id), plain(second.id)].sort());
    expect(await rowOf(first.id)).toMatchObject({
      files: [{ messageId: /<MsgId>([^<]+)/.exec(file.text)![1], by: expect.any(String), at: expect.any(String) }],
    });
    const page = await admin.get(`${BASE}?status=pending`).set('accept', 'text/html').expect(200);
    expect(page.text).toContain('W pliku z');

    expect(codeOf(await bankFile().expect(409))).toBe('NOTHING_TO_PAY');
    const table = await admin.get(`${FILE}?format=csv`).expect(200);
    expect(table.text).toContain(first.id);
    const third = await aRequest();
    const next = await bankFile().expect(200);
    expect(idsIn(next)).toEqual([plain(third.id)]);
    expect(next.headers.leftout).toBe('2');
    expect(idsIn(await bankFile('&again=true').expect(200))).toHaveLength(3);
  });

  it('named request by request is the same file again, under the same id', async () => {
    const { id } = await aRequest();
    const [file, again] = [await bankFile(`&ids=${id}`).expect(200), await bankFile(`&ids=${id}`).expect(200)];
    const messageId = ({ text }: { text: string }) => /<MsgId>([^<]+)/.exec(text)![1];
    expect(messageId(again)).toBe(messageId(file));
    expect((await rowOf(id)).files).toHaveLength(1);
  });

  it('of two clerks at once holds a request once', async () => {
    const ids = [(await aRequest()).id, (await aRequest()).id, (await aRequest()).id].map(plain);
    const files = await Promise.all(Array.from({ length: 6 }, () => bankFile()));
    const held = files.filter(({ status }) => status === 200).flatMap(idsIn);
    expect(held.sort()).toEqual(ids.sort());
  });

  it('keeps its request from being cancelled by the partner; who pays can still reject it', async () => {
    const { member, id } = await aRequest();
    await bankFile().expect(200);
    expect(codeOf(await member.agent.post(`${BASE}/${id}/cancellation`).send({}).expect(409))).toBe(
      'WITHDRAWAL_IN_FILE',
    );
    await admin.post(`${BASE}/${id}/rejection`).send({ reason: 'Not sent to the bank' }).expect(201);
  });

  it('lists the oldest first where that is asked for, page by page', async () => {
    const ids = [(await aRequest()).id, (await aRequest()).id, (await aRequest()).id];
    const found: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await admin.get(`${BASE}?status=pending&sort=requestedAt&limit=2${cursor}`).expect(200);
      const { data, nextCursor } = body as { data: { id: string }[]; nextCursor: string | null };
      found.push(...data.map(({ id }) => id));
      if (nextCursor === null) break;
      cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
    }
    expect(found).toEqual(ids);
  });
});

describe('[P23] more requests than a file takes', () => {
  it('come in the next file, and none is left out without being counted', async () => {
    const [template] = [await aRequest()];
    await app.owner.query('set session_replication_role = replica');
    await app.owner.query(
      `with waiting as (
         select gen_random_uuid() as id, n from generate_series(1, 1004) as n
       ), holders as (
         insert into partner_program.holder (id, kind) select id, 'partner' from waiting
       ), partners as (
         insert into partner_program.partner (id, first_name, last_name, email, status, joined_at, referral_code)
         select id, 'Jan', 'Kos', 'many' || n || '@crm.example', 'active', partner_program.now_ms(), 'many' || n from waiting
       )
       insert into partner_program.withdrawal (id, partner_id, amount_minor, currency, payout_account)
       select gen_random_uuid(), id, 100, 'PLN', (select payout_account from partner_program.withdrawal where id = $1)
         from waiting`,
      [template.id],
    );
    const [first, second] = [await bankFile().expect(200), await bankFile().expect(200)];
    const [ours, rest] = [idsIn(first), idsIn(second)];
    expect([ours.length, first.headers.leftout, rest.length, second.headers.leftout]).toEqual([1000, '5', 5, '1000']);
    expect(new Set([...ours, ...rest]).size).toBe(1005);
    await app.owner.query(
      `delete from partner_program.payment_file_entry where withdrawal_id in
         (select w.id from partner_program.withdrawal w join partner_program.partner p on p.id = w.partner_id
           where p.email like 'many%')`,
    );
    await app.owner.query(
      `delete from partner_program.withdrawal where partner_id in
         (select id from partner_program.partner where email like 'many%')`,
    );
    await app.owner.query(`delete from partner_program.partner where email like 'many%'`);
    await app.owner.query(
      `delete from partner_program.holder h where kind = 'partner'
          and not exists (select from partner_program.partner p where p.id = h.id)`,
    );
    await app.owner.query('set session_replication_role = origin');
  });

  it('and a holder whom no bank can read is asked for in latin letters', async () => {
    const member = await aRich();
    const account = { ...ACCOUNT, holder: '李小龍' };
    const reply = await member.agent.put('/partner-program/payout-account').send(account).expect(400);
    expect((reply.body as { errors: object[] }).errors).toMatchObject([{ field: 'holder', code: 'LATIN_LETTERS' }]);
    await giveAccount(member, { ...ACCOUNT, holder: 'Олександр Шевченко' });
    const { body } = await ask(member).expect(201);
    const file = await bankFile(`&ids=${(body as { id: string }).id}`).expect(200);
    expect(file.text).toContain('<Nm>Oleksandr Shevchenko</Nm>');
  });
});
