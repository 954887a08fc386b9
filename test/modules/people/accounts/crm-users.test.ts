import { CrmHost } from '../../../../src/crm/crm-host';
import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { type Member, Office } from '../../../support/program';
import { anAccount, codeOf, linkTo, loggedIn, logIn, PASSWORD } from './account-builder';

let app: TestApp;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500);
});
afterAll(() => app.close());

const FRESH = { firstName: 'Zofia', lastName: 'Mężatka', phone: '+48 600 100 200', locale: 'en' } as const;
const change = (id: string, fields: object) => office.admin.patch(`/crm/users/${id}`).send(fields).expect(200);
const seen = async ({ partnerId }: Member) =>
  (await office.admin.get(`/partner-program/partners/${partnerId}`).expect(200)).body as Record<string, unknown>;
const stored = async ({ partnerId }: Member) => {
  const [row] = await app.owner.query<Record<string, unknown>[]>(
    `select first_name, last_name, email, phone, locale from partner_program.partner where id = $1`,
    [partnerId],
  );
  return row!;
};
const tie = ({ partnerId }: Member, userId: string | null) =>
  office.admin.put(`/partner-program/partners/${partnerId}/user`).send({ userId, reason: 'The account was made anew' });
const fund = ({ partnerId }: Member, amountMinor: number) =>
  office.admin
    .post(`/partner-program/partners/${partnerId}/adjustments`)
    .send({ amountMinor, currency: 'PLN', reason: 'to have something' })
    .expect(201);

describe("[P22] the CRM's data of a person", () => {
  it('are the program’s at once where the host reports the change: page, list, search, and mails', async () => {
    const member = await office.member();
    const email = `nowa.${member.email}`;
    await change(member.id, { ...FRESH, email });
    expect(await seen(member)).toMatchObject({ firstName: 'Zofia', lastName: 'Mężatka', email, phone: FRESH.phone });
    const list = await office.admin.get('/partner-program/partners?search=M%C4%99%C5%BCatka&sort=name').expect(200);
    expect((list.body as { data: object[] }).data).toMatchObject([{ id: member.partnerId, email }]);
    const [path] = await app.owner.query<{ name_key: string }[]>(
      'select name_key from partner_program.partner_path where partner_id = $1',
      [member.partnerId],
    );
    expect(path!.name_key).toBe('mężatka zofia');

    await fund(member, 500_00);
    await eventually(async () => {
      const mails = (await app.mails()).filter(({ to }) => to === email);
      expect(mails.map(({ text }) => text).join()).toContain('Hello Zofia');
    });
    expect((await app.mails()).filter(({ to }) => to === member.email)).toEqual([]);
  });

  it('follow when the person comes by, where the host reported nothing', async () => {
    const member = await office.member();
    await app.owner.query(`update crm."user" set first_name = 'Zofia', phone = '601' where id = $1`, [member.id]);
    const { body } = await member.agent.get('/partner-program').expect(200);
    expect((body as { partner: object }).partner).toMatchObject({ firstName: 'Zofia', phone: '601' });
    expect(await stored(member)).toMatchObject({ first_name: 'Zofia', phone: '601' });
  });

  it('follow within a day for everybody else', async () => {
    const members = [await office.member(), await office.member()];
    for (const [index, { id }] of members.entries()) {
      const fields = [id, `Nowa${index}`, `dzien${index}@crm.example`, 'pt-BR'];
      await app.owner.query(`update crm."user" set last_name = $2, email = $3, locale = $4 where id = $1`, fields);
    }
    await app.owner.query(`update partner_program.job set due_at = now() where kind = 'followUsers'`);
    await eventually(async () => {
      for (const [index, member] of members.entries()) {
        const fresh = { last_name: `Nowa${index}`, email: `dzien${index}@crm.example`, locale: 'pt-BR' };
        expect(await stored(member)).toMatchObject(fresh);
      }
    });
  });

  it('free an address that the CRM has given to somebody else', async () => {
    const former = await office.member();
    const { email } = former;
    await change(former.id, { email: `stary.${email}` });
    const heir = await office.member(undefined, { email });
    expect(await stored(heir)).toMatchObject({ email });
    await app.owner.query(`update crm."user" set email = $2 where id = $1`, [former.id, `b.${email}`]);
    await app.owner.query(`update crm."user" set email = $2 where id = $1`, [heir.id, `stary.${email}`]);
    expect((await heir.agent.get('/partner-program').expect(200)).status).toBe(200);
    expect(await stored(heir)).toMatchObject({ email: `stary.${email}` });
  });

  it('keep nobody else from the address of a login here', async () => {
    const member = await office.member();
    const account = await anAccount(app);
    await expect(
      app.owner.query('update partner_program.partner set email = $2 where id = $1', [account.partnerId, member.email]),
    ).rejects.toMatchObject({ driverError: { code: '23505', constraint: 'partner_email_key' } });
  });
});

describe('[P22] another CRM user', () => {
  it('is the partner from then on: reads, is credited for contracts, and has the own name', async () => {
    const member = await office.member();
    await fund(member, 100_00);
    const next = await office.user({ firstName: 'Nowy', lastName: 'Numer' });
    await tie(member, next.id).expect(200);
    await tie(member, next.id).expect(200);
    expect(await seen(member)).toMatchObject({
      firstName: 'Nowy',
      lastName: 'Numer',
      email: next.email,
      userId: next.id,
    });
    expect((await member.agent.get('/partner-program').expect(403)).status).toBe(403);
    const heir = { ...next, partnerId: member.partnerId };
    expect(await office.available(heir)).toEqual([100_00]);
    const [before, after] = [await office.contract(member, 1000_00), await office.contract(next, 1000_00)];
    await office.status(before, 'signed');
    await office.status(after, 'signed');
    await office.settled();
    expect(await office.available(heir)).toEqual([200_00]);
    const log = await office.admin.get('/partner-program/audit?action=partner.userChanged').expect(200);
    expect((log.body as { data: object[] }).data).toMatchObject([
      { before: { userId: member.id }, after: { userId: next.id }, reason: 'The account was made anew' },
    ]);
    expect((await office.admin.get('/partner-program/rederivation').expect(200)).body).toMatchObject({ ok: true });
  });

  it('none: the person logs in here, by a password that a mailed link sets', async () => {
    const member = await office.member();
    await tie(member, null).expect(200);
    await member.agent.get('/partner-program').expect(403);
    const { path } = await linkTo(app, member.email);
    await app.anonymous().post(path).send({ password: PASSWORD }).expect(204);
    const account = { ...member, password: PASSWORD };
    await (await loggedIn(app, account as never)).get('/partner-program').expect(200);

    await tie(member, member.id).expect(200);
    await logIn(app.anonymous(), member.email).expect(401);
    await member.agent.get('/partner-program').expect(200);
  });

  it('is refused who is a partner already, is unknown, or of somebody whose address is a login here', async () => {
    const [member, other] = [await office.member(), await office.member()];
    expect(codeOf(await tie(member, other.id).expect(409))).toBe('USER_IS_PARTNER');
    expect(codeOf(await tie(member, 'nobody').expect(422))).toBe('USER_UNKNOWN');
    expect((await tie({ ...member, partnerId: member.id }, null)).status).toBe(404);
    const account = await anAccount(app);
    await change(other.id, { email: account.email });
    expect(codeOf(await tie(other, null).expect(409))).toBe('EMAIL_TAKEN');
  });
});

describe('[P22] who may no longer take part', () => {
  it('still reads and withdraws what was earned, and brings nobody in', async () => {
    const member = await office.member();
    await fund(member, 300_00);
    await change(member.id, { permissions: [] });
    const { agent, partnerId } = member;
    await agent.get('/partner-program').expect(200);
    await agent.get('/partner-program/commissions').expect(200);
    await agent.get(`/partner-program/partners/${partnerId}/statement.pdf`).expect(200);
    const account = { kind: 'iban', value: 'PL61109010140000071219812874', holder: 'Jan Kos' };
    await agent.put('/partner-program/payout-account').send(account).expect(200);
    await agent.post('/partner-program/withdrawals').send({ amountMinor: 100_00, currency: 'PLN' }).expect(201);
    const invited = { firstName: 'Ola', lastName: 'Sowa', email: 'ola@poczta.example', subject: 'Hej', body: 'Hej' };
    const refused = await agent.post('/partner-program/invitations').send(invited).expect(403);
    expect(refused.body).toMatchObject({ code: 'FORBIDDEN', permission: 'participate' });
    await agent.post('/partner-program/client-links').send({ name: 'Klient', phone: '600 100 200' }).expect(403);

    const page = await agent.get('/partner-program').set('accept', 'text/html').expect(200);
    expect(page.text).toContain('Zarobione pieniądze pozostają Twoje');
    expect(page.text).not.toContain('/partner-program/invitations"');
    expect(page.text).toContain('href="/partner-program"'); // the CRM's own menu still has the entry
  });

  it('a user who never was a partner gets nothing by that', async () => {
    const user = await office.user({ permissions: [] });
    const reply = await user.agent.get('/partner-program').expect(403);
    expect(reply.body).toMatchObject({ code: 'FORBIDDEN', permission: 'participate' });
  });
});

it('[P21] the reference CRM finds a user by the address and those below a supervisor', async () => {
  const host = app.nest.get(CrmHost);
  const boss = await office.user();
  const below = await office.user({ supervisorId: boss.id });
  expect(await host.userByEmail(below.email.toUpperCase())).toMatchObject({ id: below.id });
  expect(await host.userByEmail('nobody@crm.example')).toBeNull();
  expect((await host.subordinatesOf(boss.id)).map(({ id }) => id)).toEqual([below.id]);
  expect(await host.subordinatesOf('nobody')).toEqual([]);
});
