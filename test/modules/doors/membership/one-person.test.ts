import { RederivationService } from '../../../../modules/money/commissions/rederivation/rederivation.service';
import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { Office } from '../../../support/program';
import { anAccount, codeOf, loggedIn, logIn } from '../../people/accounts/account-builder';

let app: TestApp;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500);
});
afterAll(() => app.close());

const partnerIn = ({ body }: { body: unknown }) =>
  (body as { partner: { id: string; sponsorId: string | null } }).partner;

describe('[P5] [P9] one person is one partner', () => {
  it('[P21] who registered before joins as that partner, below the supervisor, and logs in through the CRM', async () => {
    const boss = await office.member();
    const user = await office.user({ supervisorId: boss.id });
    const account = await anAccount(app, { email: user.email.replace('p', 'P') });
    const before = await loggedIn(app, account);
    const partner = partnerIn(await office.join(user).expect(201));
    expect(partner).toMatchObject({ id: account.partnerId, sponsorId: boss.partnerId });

    await before.get('/partner-program').expect(401);
    await logIn(app.anonymous(), account.email).expect(401);
    const dashboard = await user.agent.get('/partner-program').expect(200);
    expect(partnerIn(dashboard).id).toBe(account.partnerId);
    expect(codeOf(await office.join(user).expect(409))).toBe('ALREADY_JOINED');
    await app.anonymous().post('/partner-program/password-resets').send({ email: account.email }).expect(202);
  });

  it('[Q3] is credited for contracts from then on, and never for earlier ones', async () => {
    const user = await office.user();
    await anAccount(app, { email: user.email });
    const earlier = await office.contract(user, 1000_00);
    await office.status(earlier, 'signed');
    await office.settled();
    const member = { ...user, partnerId: partnerIn(await office.join(user).expect(201)).id };
    expect(await office.available(member)).toEqual([0]);
    const later = await office.contract(user, 1000_00);
    await office.status(later, 'signed');
    await office.settled();
    expect(await office.available(member)).toEqual([100_00]);

    await office.status(earlier, 'cancelled');
    await office.settled();
    expect(await office.available(member)).toEqual([100_00]);
    expect(await app.nest.get(RederivationService).check()).toMatchObject({ differences: [] });
  });

  it('has to have confirmed the address: who only typed it makes room', async () => {
    const user = await office.user();
    const account = await anAccount(app, { email: user.email, emailConfirmed: false });
    expect(partnerIn(await office.join(user).expect(201)).id).not.toBe(account.partnerId);
    await logIn(app.anonymous(), account.email).expect(401);
  });

  it('[P21] stays where a person stands who is above the own supervisor in the tree already', async () => {
    const account = await anAccount(app, { email: 'above@crm.example' });
    const boss = await office.member();
    const move = { sponsorId: account.partnerId, reason: 'Came by her link' };
    await office.admin.post(`/partner-program/partners/${boss.partnerId}/placements`).send(move).expect(201);
    const user = await office.user({ email: account.email, supervisorId: boss.id });
    expect(partnerIn(await office.join(user).expect(201))).toMatchObject({ id: account.partnerId, sponsorId: null });
  });

  it('[F55] is not somebody with an address that only looks the same', async () => {
    const account = await anAccount(app, { email: 'kim.linked@ink.example' });
    const user = await office.user();
    await app.owner.query(`update crm."user" set email = $1 where id = $2`, ['\u212aim.linked@ink.example', user.id]);
    const reply = await office.join(user);
    if (reply.status === 201) expect(partnerIn(reply).id).not.toBe(account.partnerId);
    else expect(codeOf(reply)).toBe('EMAIL_TAKEN');
    await loggedIn(app, account);
  });

  it('becomes one user only, of many at once', async () => {
    const user = await office.user();
    await anAccount(app, { email: user.email });
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => office.join(user)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(9);
  });
});
