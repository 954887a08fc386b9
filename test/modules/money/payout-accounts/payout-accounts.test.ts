import { bootApp, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { Office, type Member } from '../../../support/program';
import { anAccount, loggedIn, PASSWORD } from '../../people/accounts/account-builder';
import { tillOf } from '../redemptions/till';

const PATH = '/partner-program/payout-account';
const IBAN = 'PL61 1090 1014 0000 0712 1981 2874';
const OTHER = 'DE89 3704 0044 0532 0130 00';

interface Accounts {
  readonly nextAccount: { readonly value: string; readonly changedAt: string; readonly countsFrom: string } | null;
}

let app: TestApp;
let office: Office;
let partner: Member;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  partner = await office.member();
});
afterAll(() => app.close());

const till = tillOf(() => office);
const put = (account: object) =>
  partner.agent.put(PATH).send({ kind: 'iban', value: IBAN, holder: 'Jan Kos', ...account });

/** The account number that a request made now takes with it. */
async function accountOfRequest(member: Member): Promise<string> {
  const id = await till.asked(member, 50_00);
  const [row] = await app.owner.query<{ value: string }[]>(
    `select payout_account ->> 'value' as value from partner_program.withdrawal where id = $1`,
    [id],
  );
  await till.cancel(member, id).expect(201);
  return row!.value;
}

/** As if all the partner's accounts had been given three days earlier. */
async function threeDaysPass({ partnerId }: Member): Promise<void> {
  await app.owner.transaction(async (tx) => {
    await tx.query(`set local session_replication_role = replica`);
    await tx.query(
      `update partner_program.payout_account
          set valid = tstzrange(lower(valid) - interval '73 hours', upper(valid) - interval '73 hours')
        where partner_id = $1`,
      [partnerId],
    );
  });
}

describe('the payout account', () => {
  it('[F49] is answered masked only, and every change is mailed to the partner', async () => {
    expect((await partner.agent.get(PATH).expect(200)).body).toEqual({ account: null, nextAccount: null });
    const { body, text } = await put({}).expect(200);
    expect(body).toMatchObject({
      account: { kind: 'iban', holder: 'Jan Kos', value: 'PL61 •••• 2874', pixKind: null },
    });
    expect(text).not.toContain('10901014');
    expect((await partner.agent.get(PATH).expect(200)).text).not.toContain('10901014');
    await put({ kind: 'pix', pixKind: 'cpf', value: '529.982.247-25' }).expect(200);
    await eventually(async () => {
      const mails = (await app.mails()).filter(({ to, subject }) => to === partner.email && /konto/i.test(subject));
      expect(mails).toHaveLength(2);
      expect(mails.map((mail) => mail.text).join()).toContain('52•••25');
      expect(mails.map((mail) => mail.text).join()).not.toContain('52998224725');
    });
  });

  it('[F49] counts 72 hours after a change, unless it is the first one', async () => {
    const member = await till.aPartner(100_00);
    const { agent } = member;
    const change = async (value: string) => {
      const { body } = await agent.put(PATH).send({ kind: 'iban', value, holder: 'Ewa Kos' }).expect(200);
      return body as Accounts;
    };
    expect(await change(IBAN)).toMatchObject({ account: { value: 'PL61 •••• 2874' }, nextAccount: null });
    const changed = await change(OTHER);
    expect(changed).toMatchObject({ account: { value: 'PL61 •••• 2874' }, nextAccount: { value: 'DE89 •••• 3000' } });
    const { changedAt, countsFrom } = changed.nextAccount!;
    expect(Date.parse(countsFrom) - Date.parse(changedAt)).toBe(72 * 3_600_000);
    expect(await accountOfRequest(member)).toBe('PL61109010140000071219812874');

    const again = await change('GB82 WEST 1234 5698 7654 32');
    expect(again.nextAccount!.value).toBe('GB82 •••• 5432');
    await threeDaysPass(member);
    expect(await accountOfRequest(member)).toBe('GB82WEST12345698765432');
    expect((await agent.get(PATH).expect(200)).body).toMatchObject({
      account: { value: 'GB82 •••• 5432' },
      nextAccount: null,
    });
  });

  it('[F49] says from when a changed account counts, in the mail and on the page, and can be stopped', async () => {
    const member = await till.aPartner(100_00);
    const { agent, email, partnerId } = member;
    const page = () => agent.get(PATH).set('accept', 'text/html').expect(200);
    for (const value of [IBAN, OTHER]) await agent.put(PATH).send({ kind: 'iban', value, holder: 'Ewa' }).expect(200);
    const { text } = await page();
    expect(text).toContain('Nowe konto: DE89 •••• 3000');
    expect(text).toContain('Obowiązuje od');
    await eventually(async () => {
      const mails = (await app.mails())
        .filter(({ to, text }) => to === email && /wypłaty z programu|podano konto/.test(text))
        .map((mail) => mail.text);
      expect(mails).toHaveLength(2);
      expect(mails[0]).toContain('PL61 •••• 2874');
      expect(mails[1]).toMatch(
        /DE89 •••• 3000[^]*złożonych od [^]*zatrzymaj zmianę[^]*\/partner-program\/payout-account/,
      );
    });
    await agent
      .post(`${PATH}/change?_method=DELETE`)
      .set('accept', 'text/html')
      .expect(303)
      .expect('location', `${PATH}?done=saved`);
    expect((await page()).text).not.toContain('DE89');
    const { body } = await agent.delete(`${PATH}/change`).expect(200);
    expect(body).toMatchObject({ account: { value: 'PL61 •••• 2874' }, nextAccount: null });
    await threeDaysPass(member);
    expect(await accountOfRequest(member)).toBe('PL61109010140000071219812874');
    const actions = await app.owner.query<{ action: string }[]>(
      `select action from partner_program.audit_record where partner_id = $1 and action like 'payout%' order by id`,
      [partnerId],
    );
    expect(actions.map(({ action }) => action)).toEqual([
      'payoutAccount.changed',
      'payoutAccount.changed',
      'payoutAccount.changeStopped',
    ]);
  });

  it('[F49] waits when several are given at once, whoever writes the row, and is never overwritten', async () => {
    const { agent, partnerId } = await office.member();
    const give = (value: string) => agent.put(PATH).send({ kind: 'iban', value, holder: 'Ewa' }).expect(200);
    await Promise.all([IBAN, OTHER, IBAN].map(give));
    const rows = await app.owner.query<{ waits: boolean }[]>(
      `select lower(valid) > partner_program.now_ms() as waits from partner_program.payout_account
        where partner_id = $1 order by valid`,
      [partnerId],
    );
    expect(rows).toEqual([{ waits: false }, { waits: true }]);
    const atOnce = `
      with ended as (delete from partner_program.payout_account where partner_id = $1 and lower(valid) > now())
      insert into partner_program.payout_account (partner_id, kind, value, holder, valid)
      values ($1, 'iban', 'PL1', 'Ewa', tstzrange(partner_program.now_ms() + interval '71 hours', null))`;
    await expect(app.owner.query(atOnce, [partnerId])).rejects.toThrow('counts in 72 hours');
    for (const change of [`value = 'PL1'`, `valid = tstzrange(lower(valid) - interval '1 day', upper(valid))`]) {
      const overwrite = `update partner_program.payout_account set ${change} where partner_id = $1`;
      await expect(app.owner.query(overwrite, [partnerId])).rejects.toThrow('never changed');
    }
  });

  it('[F49] asks a partner who logs in here for the password', async () => {
    const external = await loggedIn(app, await anAccount(app));
    const change = (fields: object) => external.put(PATH).send({ kind: 'iban', value: IBAN, holder: 'Ewa', ...fields });
    expect((await change({}).expect(400)).body).toMatchObject({ errors: [{ field: 'password' }] });
    expect((await change({ password: 'not the password' }).expect(403)).body).toMatchObject({ code: 'WRONG_PASSWORD' });
    expect((await external.get(PATH).expect(200)).body).toEqual({ account: null, nextAccount: null });
    await change({ password: PASSWORD }).expect(200);
  });

  it('is refused when banks would not take it', async () => {
    const field = async (account: object) => {
      const { body } = await put(account).expect(400);
      return (body as { errors: { field: string }[] }).errors.map((error) => error.field);
    };
    expect(await field({ value: 'PL61109010140000071219812875' })).toEqual(['value']);
    expect(await field({ value: '=1+1' })).toEqual(['value']);
    expect(await field({ kind: 'pix', pixKind: 'cpf', value: '529.982.247-26' })).toEqual(['value']);
    expect(await field({ kind: 'pix', value: '529.982.247-25' })).toEqual(['pixKind']);
    expect(await field({ kind: 'cash' })).toEqual(['kind']);
    expect(await field({ holder: '' })).toEqual(['holder']);
  });

  it('[Q12] is given with a form', async () => {
    const html = 'text/html';
    await partner.agent
      .post(`${PATH}?_method=PUT`)
      .type('form')
      .set('accept', html)
      .send({ kind: 'iban', pixKind: '', value: IBAN, holder: 'Jan Kos' })
      .expect(303)
      .expect('location', `${PATH}?done=saved`);
    const page = await partner.agent.get(PATH).set('accept', html).expect(200);
    expect(page.text).toContain('PL61 •••• 2874');
  });

  it('is for partners only', async () => {
    const admin = await app.login('admin@crm.example');
    await admin.get(PATH).expect(403);
    await app.anonymous().get(PATH).expect(401);
  });
});
