import { leavingObstacle } from '../../../../modules/doors/profile/leaving/leaving-obstacle';
import { RederivationService } from '../../../../modules/money/commissions/rederivation/rederivation.service';
import { PartnerProgram } from '../../../../modules/partner-program';
import { type Agent, bootApp, type TestApp } from '../../../support/app';
import { type Member, Office } from '../../../support/program';
import { anAccount, codeOf, logIn, loggedIn, mailsTo, PASSWORD } from '../../people/accounts/account-builder';

let app: TestApp;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500);
});
afterAll(() => app.close());

const leave = (agent: Agent, body: object = {}) => agent.post('/partner-program/profile/leaving').send(body);
const adjust = (partnerId: string, amountMinor: number) =>
  office.admin
    .post(`/partner-program/partners/${partnerId}/adjustments`)
    .send({ amountMinor, currency: 'PLN', reason: 'Agreed upon by telephone' })
    .expect(201);
const wallets = async (partnerId: string) => {
  const { body } = await office.admin.get(`/partner-program/partners/${partnerId}/wallets`).expect(200);
  return (body as { data: { totalMinor: number }[] }).data.map(({ totalMinor }) => totalMinor);
};
const statusOf = async (partnerId: string) => {
  const { body } = await office.admin.get(`/partner-program/partners/${partnerId}`).expect(200);
  return (body as { status: string }).status;
};
async function signed(seller: Member, valueMinor = 1000_00): Promise<string> {
  const contract = await office.contract(seller, valueMinor);
  await office.status(contract, 'signed');
  await office.settled();
  return contract;
}

describe('[S14] leaving the program', () => {
  it('ends links, invitations, sessions and the login at once, and says so by mail', async () => {
    const account = await anAccount(app);
    const [one, other] = [await loggedIn(app, account), await loggedIn(app, account)];
    const dashboard = await one.get('/partner-program').expect(200);
    const { referralLink } = dashboard.body as { referralLink: { code: string } };
    const guest = {
      firstName: 'Ola',
      lastName: 'Nowa',
      email: 'ola@leaving.example',
      subject: 'Hej',
      body: '{{link}}',
    };
    await one.post('/partner-program/invitations').send(guest).expect(201);
    const [letter] = await mailsTo(app, guest.email);
    const invitation = new URL(/https?:\S+/.exec(letter!.text)![0]).pathname;
    await app.anonymous().get(invitation).expect(200);

    await leave(one, { password: PASSWORD }).expect(201);
    await other.get('/partner-program').expect(401);
    await logIn(app.anonymous(), account.email).expect(401);
    await app.anonymous().get(invitation).expect(410);
    await app.anonymous().get(`/partner-program/registrations/link/${referralLink.code}`).expect(410);
    expect(await statusOf(account.partnerId)).toBe('left');
    const mails = await mailsTo(app, account.email);
    expect(mails.at(-1)!.subject).toBe('You have left the partner program');
  });

  it('[P18] leaves a CRM user no partner to the CRM, by the user as by a client', async () => {
    const program = app.nest.get(PartnerProgram);
    const member = await office.member();
    const { body } = await office.admin.post('/crm/clients').send({ name: 'Jan Kos', email: member.email }).expect(201);
    const { id } = body as { id: string };
    expect(await program.partnerOf(member.id)).toBe(member.partnerId);
    expect(await program.partnerFlags([id])).toMatchObject([{ clientId: id, partnerId: member.partnerId }]);
    await leave(member.agent).expect(201);
    expect(await program.partnerOf(member.id)).toBeNull();
    expect(await program.partnerFlags([id])).toEqual([]);
    expect(await program.partnerOf((await office.user()).id)).toBeNull();
  });

  it('asks for the password where one logs in here', async () => {
    const account = await anAccount(app);
    const agent = await loggedIn(app, account);
    await leave(agent).expect(400);
    expect(codeOf(await leave(agent, { password: 'not this one' }).expect(403))).toBe('WRONG_PASSWORD');
    expect(await statusOf(account.partnerId)).toBe('active');
  });

  it('waits for the request that is pending', async () => {
    const member = await office.member();
    await adjust(member.partnerId, 50_00);
    await member.agent.post('/partner-program/withdrawals').send({ amountMinor: 50_00, currency: 'PLN' }).expect(201);
    const reply = await leave(member.agent, { forfeit: true }).expect(409);
    const amount = { amountMinor: 50_00, currency: 'PLN' };
    expect(reply.body).toMatchObject({ code: 'WITHDRAWAL_PENDING', amount });
    expect((reply.body as { amount: object }).amount).toEqual(amount);
    const { body: profile } = await member.agent.get('/partner-program/profile').expect(200);
    expect(profile).toMatchObject({ leaving: { obstacle: { code: 'WITHDRAWAL_PENDING' } } });
    expect((profile as { leaving: { obstacle: { amount: object } } }).leaving.obstacle.amount).toEqual(amount);
    expect(await statusOf(member.partnerId)).toBe('active');
  });

  it('takes no money unless it is given up, and then gives back exactly what was there', async () => {
    const member = await office.member();
    await adjust(member.partnerId, 12_34);
    expect(codeOf(await leave(member.agent).expect(409))).toBe('BALANCE_LEFT');
    expect(await wallets(member.partnerId)).toEqual([12_34]);
    await leave(member.agent, { forfeit: true }).expect(201);
    expect(await wallets(member.partnerId)).toEqual([0]);
  });

  it('[F44] lets a withdrawal or the leaving through, never both', async () => {
    const members = [await office.member(), await office.member(), await office.member(), await office.member()];
    for (const { partnerId } of members) await adjust(partnerId, 40_00);
    const races = members.map(async ({ agent }) => {
      const asked = agent.post('/partner-program/withdrawals').send({ amountMinor: 40_00, currency: 'PLN' });
      const replies = await Promise.all([leave(agent, { forfeit: true }), asked]);
      return replies.map(({ status }) => status);
    });
    for (const statuses of await Promise.all(races)) {
      expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    }
  });

  it('is not for a balance below zero, nor for commissions that are maturing', () => {
    const wallet = { currency: 'PLN', heldMinor: 0, paidOutMinor: 0, version: 1 } as const;
    const debt = { ...wallet, totalMinor: -1, availableMinor: -1, maturingMinor: 0 };
    const maturing = { ...wallet, totalMinor: 0, availableMinor: 0, maturingMinor: 5 };
    expect(leavingObstacle(undefined, [debt], true)).toEqual({
      code: 'BALANCE_NEGATIVE',
      amount: { amountMinor: -1, currency: 'PLN' },
    });
    expect(leavingObstacle(undefined, [maturing], true)).toMatchObject({ code: 'COMMISSIONS_MATURING' });
    expect(leavingObstacle(undefined, [{ ...maturing, maturingMinor: 0 }], false)).toBeUndefined();
  });

  it('is also for who is suspended, not confirmed or waiting; nobody reinstates, ranks or approves who has left', async () => {
    const suspended = await office.member();
    await office.ranks('gold');
    const partner = `/partner-program/partners/${suspended.partnerId}`;
    await office.admin.post(`${partner}/suspension`).send({ reason: 'Suspicion of fraud' }).expect(201);
    await leave(suspended.agent).expect(201);
    expect(codeOf(await office.admin.delete(`${partner}/suspension`).expect(409))).toBe('PARTNER_LEFT');
    expect(codeOf(await office.admin.post(`${partner}/suspension`).send({ reason: 'Again' }))).toBe('PARTNER_LEFT');
    expect(codeOf(await office.admin.put(`${partner}/rank`).send({ rank: 'gold' }))).toBe('PARTNER_LEFT');
    expect(await statusOf(suspended.partnerId)).toBe('left');

    const unconfirmed = await anAccount(app, { emailConfirmed: false });
    await leave(await loggedIn(app, unconfirmed), { password: PASSWORD }).expect(201);

    const newcomer = { email: 'waits@leaving.example', firstName: 'Ola', lastName: 'Czeka', password: PASSWORD };
    const waiting = app.anonymous();
    const registered = await waiting
      .post('/partner-program/registrations')
      .send({ ...newcomer, termsVersionId: office.termsVersionId })
      .expect(201);
    const { id } = (registered.body as { partner: { id: string } }).partner;
    await leave(waiting, { password: PASSWORD }).expect(201);
    expect(codeOf(await office.admin.post(`/partner-program/partners/${id}/approval`).expect(409))).toBe(
      'NOT_AWAITING_APPROVAL',
    );
  });

  it('[P12] [P13] leaves what was before as it was, and pays nothing from then on; a reversal afterwards still works', async () => {
    const boss = await office.member();
    const middle = await office.member(boss);
    const seller = await office.member(middle);
    const before = await signed(seller);
    expect(await office.available(middle)).toEqual([50_00]);
    await leave(middle.agent, { forfeit: true }).expect(201);

    await signed(seller);
    expect(await wallets(middle.partnerId)).toEqual([0]);
    await office.status(before, 'cancelled');
    await office.settled();
    expect(await wallets(middle.partnerId)).toEqual([-50_00]);
    const { body } = await office.admin.get(`/partner-program/partners/${seller.partnerId}/upline`).expect(200);
    expect((body as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual([middle.partnerId, boss.partnerId]);
    expect(await app.nest.get(RederivationService).check()).toMatchObject({ differences: [] });
  });

  it('frees the address: whoever left may register anew, as somebody else in the tree', async () => {
    const account = await anAccount(app);
    await leave(await loggedIn(app, account), { password: PASSWORD }).expect(201);
    const again = await anAccount(app, { email: account.email });
    expect(again.partnerId).not.toBe(account.partnerId);
    await loggedIn(app, again);
  });

  it('[P3] leaves the place, below which the own team may still join', async () => {
    const director = await office.member();
    const manager = await office.member(director);
    await leave(manager.agent).expect(201);
    const seller = await office.member(manager);
    const { body } = await seller.agent.get('/partner-program').expect(200);
    expect(body.partner).toMatchObject({ sponsorId: manager.partnerId });
    await signed(seller);
    expect(await office.available(seller, director)).toEqual([100_00, 0]);
    expect(await wallets(manager.partnerId)).toEqual([0]);
  });

  it('lets a CRM user come back to the same place, earning again from then on; an old suspension goes on', async () => {
    const boss = await office.member();
    const member = await office.member(boss);
    await leave(member.agent).expect(201);
    await member.agent.get('/partner-program').expect(403);
    const seen = await member.agent.get('/partner-program/membership').expect(200);
    expect(seen.body).toMatchObject({ state: 'none', eligible: true });
    const joined = await office.join(member).expect(201);
    expect(joined.body).toMatchObject({
      partner: { id: member.partnerId, sponsorId: boss.partnerId, status: 'active' },
    });
    await signed(member);
    expect(await wallets(member.partnerId)).toEqual([100_00]);

    const suspended = await office.member(boss);
    const suspension = `/partner-program/partners/${suspended.partnerId}/suspension`;
    await office.admin.post(suspension).send({ reason: 'Suspicion of fraud' }).expect(201);
    await leave(suspended.agent).expect(201);
    await office.join(suspended).expect(201);
    expect(await statusOf(suspended.partnerId)).toBe('suspended');
    await office.admin.delete(suspension).expect(204);
    expect(await app.nest.get(RederivationService).check()).toMatchObject({ differences: [] });
  });
});

describe('[S14] the own profile', () => {
  it('is changed here by who logs in here, and by the CRM for its users', async () => {
    const account = await anAccount(app);
    const agent = await loggedIn(app, account);
    const contact = { firstName: 'Zoë', lastName: 'Żak', phone: '+48 600 100 200', locale: 'pt-BR' };
    await agent.put('/partner-program/profile').send(contact).expect(200);
    const { body } = await agent.get('/partner-program/profile').expect(200);
    expect(body).toMatchObject({ ...contact, email: account.email, fromCrm: false });
    await agent
      .put('/partner-program/profile')
      .send({ ...contact, firstName: ' ' })
      .expect(400);
    const page = await agent.get('/partner-program/profile').set('accept', 'text/html').expect(200);
    expect(page.text).toContain('Seu perfil');

    const member = await office.member();
    expect(codeOf(await member.agent.put('/partner-program/profile').send(contact).expect(409))).toBe('NO_OWN_LOGIN');
    const own = await member.agent.get('/partner-program/profile').expect(200);
    expect(own.body).toMatchObject({ fromCrm: true, acceptances: [{ versionId: office.termsVersionId }] });
  });
});
