import { ErasureService } from '../../../../modules/doors/profile/leaving/erasure.service';
import { RederivationService } from '../../../../modules/money/commissions/rederivation/rederivation.service';
import { type Agent, bootApp, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { pdfFrom, textsOf } from '../../../support/pdf';
import { type Member, Office } from '../../../support/program';
import { anAccount, linkTo, loggedIn, mailsTo, PASSWORD } from '../../people/accounts/account-builder';

let app: TestApp;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500);
});
afterAll(() => app.close());

const leave = (agent: Agent, body: object = {}) =>
  agent.post('/partner-program/profile/leaving').send(body).expect(201);
const erase = (days: number) => app.db.transaction((tx) => app.nest.get(ErasureService).eraseFormer(tx, days));
const endLapsed = (days: number) => app.db.transaction((tx) => app.nest.get(ErasureService).endLapsed(tx, days));
async function signed(seller: Member): Promise<string> {
  const contract = await office.contract(seller, 1000_00);
  await office.status(contract, 'signed');
  await office.settled();
  return contract;
}
async function invited(inviter: Agent, guest: { email: string; firstName: string; lastName: string; phone?: string }) {
  const letter = { ...guest, subject: 'Hej', body: 'Hej {{firstName}}, {{link}}' };
  await inviter.post('/partner-program/invitations').send(letter).expect(201);
  const { path } = await linkTo(app, guest.email);
  const agent = app.anonymous();
  const registered = await agent
    .post(path)
    .send({ password: PASSWORD, termsVersionId: office.termsVersionId })
    .expect(201);
  return { agent, partnerId: (registered.body as { partner: { id: string } }).partner.id };
}

const TABLES = `select c.relname as name from pg_class c
                 where c.relnamespace = 'partner_program'::regnamespace and c.relkind = 'r' order by 1`;

/** The tables of the program in which some row says this, in any of its columns. */
async function tablesThatSay(word: string): Promise<string[]> {
  const tables: { name: string }[] = await app.owner.query(TABLES);
  const saying: string[] = [];
  for (const { name } of tables) {
    const [row] = await app.owner.query<{ found: boolean }[]>(
      `select exists (select from partner_program."${name}" t where strpos(lower(to_jsonb(t)::text), lower($1)) > 0) as found`,
      [word],
    );
    if (row!.found) saying.push(name);
  }
  return saying;
}

/** What must be the same to the last byte before and after. */
async function books(): Promise<unknown> {
  const tables = ['account', 'transaction', 'entry', 'calculation', 'commission_line', 'placement'];
  const digests = tables.map(
    (name) => `(select md5(string_agg(t::text, '|' order by t::text)) from partner_program."${name}" t) as "${name}"`,
  );
  return app.owner.query(`select ${digests.join(', ')}`);
}

describe('[S14] the erasure of who left', () => {
  it('[Q6] [F30] forgets the person in every table, and neither the books nor what follows from them change', async () => {
    const boss = await office.member();
    const name = { firstName: 'Zenobia', lastName: 'Przykładowska' };
    const guest = { ...name, email: 'zenobia@erasure.example', phone: '+48 600 999 888' };
    const leaver = await invited(boss.agent, guest);
    const below = await invited(leaver.agent, { email: 'ola@erasure.example', firstName: 'Ola', lastName: 'Niżej' });
    const [iban, partner] = ['PL61109010140000071219812874', `/partner-program/partners/${leaver.partnerId}`];
    const account = { kind: 'iban', value: iban, holder: 'Zenobia Przykładowska', password: PASSWORD };
    await leaver.agent.put('/partner-program/payout-account').send(account).expect(200);
    await office.admin
      .post(`${partner}/adjustments`)
      .send({ amountMinor: 100_00, currency: 'PLN', reason: 'Agreed upon by telephone' })
      .expect(201);
    for (const [settle, body] of [
      ['rejection', { reason: 'The account number is wrong' }],
      ['payout', { reference: 'P/1' }],
    ] as const) {
      const asked = { amountMinor: 100_00, currency: 'PLN', note: 'Zenobia Przykładowska prosi' };
      const { body: withdrawal } = await leaver.agent.post('/partner-program/withdrawals').send(asked).expect(201);
      const { id } = withdrawal as { id: string };
      await office.admin.post(`/partner-program/withdrawals/${id}/${settle}`).send(body).expect(201);
    }
    const sale = await signed(boss);
    await mailsTo(app, guest.email, 2);
    await leave(leaver.agent, { password: PASSWORD });
    await eventually(async () => {
      const waiting: unknown[] = await app.owner.query(
        `select from partner_program.job where kind in ('mail', 'letter') and status = 'waiting'`,
      );
      expect(waiting).toEqual([]);
    });
    const before = await books();

    await erase(14);
    expect(await tablesThatSay('Przykładowska')).not.toEqual([]);
    await erase(0);
    expect(await books()).toEqual(before);
    for (const word of ['Zenobia', 'Przykładowska', guest.email, '600 999 888']) {
      expect([word, await tablesThatSay(word)]).toEqual([word, []]);
    }
    expect(await tablesThatSay(iban)).toEqual(['withdrawal']);
    const acceptances: unknown = await app.owner.query(
      'select host(ip) as ip, sha256 is not null as kept from partner_program.terms_acceptance where partner_id = $1',
      [leaver.partnerId],
    );
    expect(acceptances).toEqual([{ ip: null, kept: true }]);
    const doings: unknown = await app.owner.query(
      `select distinct actor = 'partner:' || $1 as own, ip is null as forgotten
         from partner_program.audit_record where partner_id = $1::uuid order by own`,
      [leaver.partnerId],
    );
    expect(doings).toEqual([
      { own: false, forgotten: false },
      { own: true, forgotten: true },
    ]);

    await office.status(sale, 'cancelled');
    await office.settled();
    const upline = await below.agent.get(`/partner-program/partners/${below.partnerId}/upline`).expect(200);
    expect(upline.body).toMatchObject({ data: [] });
    expect(await app.nest.get(RederivationService).check()).toMatchObject({ differences: [] });
  });

  it.each([
    ['pl', 'Były partner'],
    ['pt-BR', 'Ex-parceiro'],
    ['en', 'Former partner'],
  ])('shows a former partner everywhere, in %s', async (language, words) => {
    const boss = await office.member();
    const middle = await office.member(boss);
    const seller = await office.member(middle);
    const sale = await signed(seller);
    await leave(middle.agent, { forfeit: true });
    await erase(0);
    const { partnerId } = middle;
    const admin = (await app.login('admin@crm.example')).set('accept-language', language);
    for (const path of [
      '/partners',
      `/partners/tree?open=${boss.partnerId}`,
      `/partners/${partnerId}`,
      `/partners/${seller.partnerId}`,
      `/partners/${partnerId}/entries`,
      `/partners/${partnerId}/placements`,
      `/contracts/${sale}/commission-preview`,
      `/contracts/${sale}/commissions`,
      `/terms/${office.termsVersionId}/acceptances`,
    ]) {
      const page = await admin.get(`/partner-program${path}`).set('accept', 'text/html').expect(200);
      expect([path, page.text.includes(words)]).toEqual([path, true]);
    }
    const statement = await pdfFrom(admin, `/partner-program/partners/${partnerId}/statement.pdf`);
    expect(textsOf(statement).join(' ')).toContain(words);
  });

  it('[S15] forgets from where a CRM user acted as a partner, and keeps it of what was done for others as one of the staff', async () => {
    const other = await office.member();
    const manager = await office.member(undefined, { permissions: ['participate', 'manageBalances'] });
    const suspension = `/partner-program/partners/${other.partnerId}/suspension`;
    await manager.agent.post(suspension).send({ reason: 'Under inquiry' }).expect(201);
    await leave(manager.agent, { forfeit: true });
    const addresses = (): Promise<{ ofOneself: boolean; ip: string | null }[]> =>
      app.owner.query(
        `select distinct partner_id = $2 as "ofOneself", host(ip) as ip
           from partner_program.audit_record where actor = $1 order by 1`,
        [`user:${manager.id}`, manager.partnerId],
      );
    const ip = '127.0.0.1';
    expect(await addresses()).toEqual([
      { ofOneself: false, ip },
      { ofOneself: true, ip },
    ]);
    await erase(0);
    expect(await addresses()).toEqual([
      { ofOneself: false, ip },
      { ofOneself: true, ip: null },
    ]);
  });

  it('waits while money is owed, on either side', async () => {
    const middle = await office.member(await office.member());
    const seller = await office.member(middle);
    const sale = await signed(seller);
    await leave(middle.agent, { forfeit: true });
    await office.status(sale, 'cancelled');
    await office.settled();
    await erase(0);
    const erased = () =>
      app.owner.query('select erased_at is not null as erased from partner_program.partner where id = $1', [
        middle.partnerId,
      ]);
    expect(await erased()).toEqual([{ erased: false }]);
    await office.admin
      .post(`/partner-program/partners/${middle.partnerId}/adjustments`)
      .send({ amountMinor: 50_00, currency: 'PLN', reason: 'The claim is given up' })
      .expect(201);
    await erase(0);
    expect(await erased()).toEqual([{ erased: true }]);
  });

  it('can be followed by coming back, with the data of today', async () => {
    const member = await office.member();
    await leave(member.agent);
    await erase(0);
    const { body } = await office.join(member).expect(201);
    expect(body).toMatchObject({ partner: { id: member.partnerId, email: member.email, firstName: 'Jan' } });
  });

  it('is held by the database: who is erased has no name, and nobody else’s past is forgotten', async () => {
    const member = await office.member();
    const asOwner = (sql: string) => app.owner.query(sql, [member.partnerId]);
    await expect(
      asOwner('update partner_program.terms_acceptance set ip = null where partner_id = $1'),
    ).rejects.toThrow(/append-only/);
    await expect(asOwner('update partner_program.partner set erased_at = now() where id = $1')).rejects.toThrow(
      /partner_erased_is_nobody/,
    );
    await expect(asOwner(`update partner_program.partner set status = 'left' where id = $1`)).rejects.toThrow(
      /partner_left_since/,
    );
  });
});

describe('registrations that nobody confirmed', () => {
  const statusOf = async (partnerId: string) => {
    const { body } = await office.admin.get(`/partner-program/partners/${partnerId}`).expect(200);
    return (body as { status: string }).status;
  };

  it('[F55] give their address back after a month', async () => {
    const squatted = await anAccount(app, { emailConfirmed: false });
    const agent = await loggedIn(app, squatted);
    await endLapsed(30);
    expect(await statusOf(squatted.partnerId)).toBe('active');
    await endLapsed(0);
    expect(await statusOf(squatted.partnerId)).toBe('left');
    await agent.get('/partner-program').expect(401);
    await loggedIn(app, await anAccount(app, { email: squatted.email }));
  });

  it('stay where somebody stands below, where money was booked, and where the address was confirmed', async () => {
    const [sponsor, paid, confirmed] = [
      await anAccount(app, { emailConfirmed: false }),
      await anAccount(app, { emailConfirmed: false }),
      await anAccount(app),
    ];
    const child = await office.member();
    await office.admin
      .post(`/partner-program/partners/${child.partnerId}/placements`)
      .send({ sponsorId: sponsor.partnerId, reason: 'Asked for it' })
      .expect(201);
    await office.admin
      .post(`/partner-program/partners/${paid.partnerId}/adjustments`)
      .send({ amountMinor: 100, currency: 'PLN', reason: 'Agreed upon by telephone' })
      .expect(201);
    await endLapsed(0);
    for (const { partnerId } of [sponsor, paid, confirmed]) expect(await statusOf(partnerId)).toBe('active');
  });
});
