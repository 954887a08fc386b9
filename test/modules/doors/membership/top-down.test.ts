import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { type Member, Office, type Person } from '../../../support/program';
import { codeOf } from '../../people/accounts/account-builder';

let app: TestApp;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
});
afterAll(() => app.close());

const MEMBERSHIP = '/partner-program/membership';
const PASSWORD = 'zielona łąka o świcie';
const REASON = 'The boss may not take part';

const change = ({ id }: Person, fields: object) => office.admin.patch(`/crm/users/${id}`).send(fields).expect(200);
const membershipOf = async ({ agent }: Person) =>
  (await agent.get(MEMBERSHIP).expect(200)).body as { eligible: boolean; reasons: Record<string, unknown>[] };
const except = ({ id }: Person, reason = REASON) =>
  office.admin.post(`${MEMBERSHIP}/exceptions`).send({ userId: id, reason });
const sponsorIn = ({ body }: { body: unknown }) =>
  (body as { partner: { sponsorId: string | null } }).partner.sponsorId;
const subordinatesOf = async ({ agent }: Person) =>
  ((await agent.get(`${MEMBERSHIP}/subordinates`).expect(200)).body as { data: Record<string, unknown>[] }).data;
const mailsTo = async (email: string) => (await app.mails()).filter(({ to }) => to === email);

describe('[P21] a supervisor who cannot join', () => {
  it('is said to be so, with the reason, and cannot be reminded', async () => {
    const mayNot = await office.user({ permissions: [] });
    const gone = await office.user();
    await change(gone, { active: false });
    for (const [supervisor, why] of [
      [mayNot, 'noPermission'],
      [gone, 'deactivated'],
    ] as const) {
      const below = await office.user({ supervisorId: supervisor.id });
      const { eligible, reasons } = await membershipOf(below);
      expect({ eligible, reasons }).toMatchObject({
        eligible: false,
        reasons: [{ code: 'SUPERVISOR_CANNOT_JOIN', supervisor: { id: supervisor.id }, why }],
      });
      expect(codeOf(await office.join(below).expect(409))).toBe('SUPERVISOR_CANNOT_JOIN');
      expect(codeOf(await below.agent.post(`${MEMBERSHIP}/reminders`).send({}).expect(409))).toBe(
        'SUPERVISOR_CANNOT_JOIN',
      );
      const { text } = await below.agent.get(MEMBERSHIP).set('accept', 'text/html').expect(200);
      expect(text).toContain('Administrator programu może pozwolić Ci dołączyć');
    }
  });

  it('standing higher up is the affair of the supervisor in between', async () => {
    const mayNot = await office.user({ permissions: [] });
    const middle = await office.user({ supervisorId: mayNot.id });
    const below = await office.user({ supervisorId: middle.id });
    expect((await membershipOf(below)).reasons).toMatchObject([
      { code: 'SUPERVISOR_NOT_JOINED', supervisor: { id: middle.id }, chain: [{ why: 'noPermission' }, {}] },
    ]);
  });

  it('in a circle of supervisors keeps nobody waiting for ever without a word', async () => {
    const [a, b] = [await office.user(), await office.user()];
    // The reference CRM knows no circle; others may.
    await app.owner.query('alter table crm."user" disable trigger user');
    for (const [user, supervisor] of [
      [a, b],
      [b, a],
    ] as const) {
      await app.owner.query(`update crm."user" set supervisor_id = $2 where id = $1`, [user.id, supervisor.id]);
    }
    await app.owner.query('alter table crm."user" enable trigger user');
    expect((await membershipOf(a)).reasons).toMatchObject([{ code: 'SUPERVISOR_CANNOT_JOIN', why: 'circle' }]);
    await except(a).expect(201);
    expect(sponsorIn(await office.join(a).expect(201))).toBeNull();
    expect(sponsorIn(await office.join(b).expect(201))).not.toBeNull();
  });
});

describe('[P21] leave to join without the supervisor', () => {
  it('puts the person below the next one above who has joined, tells so by mail, and stands in the audit log', async () => {
    const top = await office.member();
    const mayNot = await office.user({ permissions: [], supervisorId: top.id });
    const below = await office.user({ supervisorId: mayNot.id });
    const page = await office.admin.get(`${MEMBERSHIP}/exceptions`).expect(200);
    expect((page.body as { data: { userId: string }[] }).data.map(({ userId }) => userId)).toContain(below.id);
    await except(below).expect(201);
    await except(below).expect(201);
    expect(await membershipOf(below)).toMatchObject({ eligible: true, reasons: [] });
    expect(sponsorIn(await office.join(below).expect(201))).toBe(top.partnerId);
    await eventually(async () => expect(await mailsTo(below.email)).toHaveLength(1));
    const log = await office.admin.get('/partner-program/audit?action=membership.excepted').expect(200);
    expect((log.body as { data: object[] }).data.filter((row) => 'object' in row)[0]).toMatchObject({
      object: { type: 'user', id: below.id },
      reason: REASON,
    });
  });

  it('is not given where nobody is in the way, to partners, or to strangers', async () => {
    const free = await office.user();
    const member = await office.member();
    expect(codeOf(await except(free).expect(409))).toBe('NO_EXCEPTION_NEEDED');
    expect(codeOf(await except(member).expect(409))).toBe('ALREADY_JOINED');
    expect(codeOf(await except({ ...free, id: 'nobody' }).expect(422))).toBe('USER_UNKNOWN');
  });

  it('is given by holders of configure only', async () => {
    const member = await office.member();
    await member.agent.get(`${MEMBERSHIP}/exceptions`).expect(403);
    await member.agent.post(`${MEMBERSHIP}/exceptions`).send({ userId: member.id, reason: REASON }).expect(403);
  });
});

describe('[P21] a manager', () => {
  it('sees who below has not joined, and invites them in one click, once a day', async () => {
    const boss = await office.member();
    const [willing, joined, mayNot] = [
      await office.user({ supervisorId: boss.id }),
      await office.member(boss),
      await office.user({ supervisorId: boss.id, permissions: [] }),
    ];
    const rows = await subordinatesOf(boss);
    expect(rows.map(({ userId }) => userId).sort()).toEqual([willing.id, mayNot.id].sort());
    expect(rows).toContainEqual(expect.objectContaining({ userId: willing.id, canJoin: true }));
    expect(rows).toContainEqual(expect.objectContaining({ userId: mayNot.id, canJoin: false, reason: 'noPermission' }));
    const invite = (userId: string) => boss.agent.post(`${MEMBERSHIP}/subordinates/${userId}/invitation`).send({});
    await invite(willing.id).expect(202);
    await eventually(async () => expect(await mailsTo(willing.email)).toHaveLength(1));
    const again = await invite(willing.id).expect(429);
    expect(codeOf(again)).toBe('ALREADY_INVITED');
    expect(Number(again.headers['retry-after'])).toBeLessThanOrEqual(90_000);
    expect(codeOf(await invite(mayNot.id).expect(409))).toBe('SUBORDINATE_CANNOT_JOIN');
    await invite(joined.id).expect(404);
    const invited = (await subordinatesOf(boss)).find(({ userId }) => userId === willing.id);
    expect(invited).toHaveProperty('invitedAt');
  });

  it('who has not joined can invite nobody yet', async () => {
    const boss = await office.user();
    const below = await office.user({ supervisorId: boss.id });
    expect(await subordinatesOf(boss)).toMatchObject([{ canJoin: false, reason: 'SUPERVISOR_NOT_JOINED' }]);
    const reply = await boss.agent.post(`${MEMBERSHIP}/subordinates/${below.id}/invitation`).send({}).expect(403);
    expect(codeOf(reply)).toBe('NOT_A_PARTNER');
  });
});

describe('[P21] a CRM user gets in by no other door', () => {
  let inviter: Member;
  let boss: Person;
  let user: Person;
  beforeAll(async () => {
    inviter = await office.member();
    boss = await office.user();
    user = await office.user({ supervisorId: boss.id });
  });

  const registration = (email: string) => ({
    email,
    firstName: 'Ola',
    lastName: 'Sowa',
    password: PASSWORD,
    termsVersionId: office.termsVersionId,
  });

  it('an invitation leads to joining with the CRM account, below the supervisor', async () => {
    const invited = { firstName: 'Ola', lastName: 'Sowa', email: user.email, subject: 'Hej', body: 'Hej {{link}}' };
    await inviter.agent.post('/partner-program/invitations').send(invited).expect(201);
    const link = await eventually(async () => {
      const [mail] = await mailsTo(user.email);
      return /\/zaproszenie\/([^\s/]+)/.exec(mail!.text)![1]!;
    });
    const path = `/partner-program/registrations/invitation/${link}`;
    expect((await app.anonymous().get(path).expect(200)).body).toMatchObject({ crmAccount: true });
    const page = await user.agent.get(path).set('accept', 'text/html').expect(200);
    expect(page.text).toContain('Dołącz kontem CRM');
    expect(page.text).not.toContain('type="password"');
    const { password, termsVersionId } = registration(user.email);
    expect(codeOf(await app.anonymous().post(path).send({ password, termsVersionId }).expect(409))).toBe('CRM_ACCOUNT');
    expect(codeOf(await office.join(user).expect(409))).toBe('SUPERVISOR_NOT_JOINED');

    const { body } = await office.join(boss).expect(201);
    const joined = await office.join(user).expect(201);
    expect(sponsorIn(joined)).toBe((body as { partner: { id: string } }).partner.id);
    const list = await inviter.agent.get('/partner-program/invitations').expect(200);
    expect((list.body as { data: object[] }).data).toMatchObject([{ email: user.email, status: 'registered' }]);
    await app.anonymous().get(path).expect(410);
  });

  it('neither do a referral link, a level-zero link and the bare page make a second account', async () => {
    const other = await office.user({ supervisorId: (await office.user()).id });
    const dashboard = await inviter.agent.get('/partner-program').expect(200);
    const { code } = (dashboard.body as { referralLink: { code: string } }).referralLink;
    const owner = await office.member(undefined, { permissions: ['participate', 'inviteLevelZero'] });
    const own = await owner.agent.get('/partner-program').expect(200);
    const zero = (own.body as { levelZeroLink: { code: string } }).levelZeroLink.code;
    for (const path of [`/registrations/link/${code}`, `/registrations/link/${zero}`, '/registrations']) {
      const body = registration(other.email.toUpperCase());
      const reply = await app.anonymous().post(`/partner-program${path}`).send(body).expect(409);
      expect(codeOf(reply)).toBe('CRM_ACCOUNT');
    }
  });
});
