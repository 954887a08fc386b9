import { toString as qrCode } from 'qrcode';
import { bootApp } from '../../../support/app';
import type { Agent, TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { Office, PDF } from '../../../support/program';
import type { Member } from '../../../support/program';

const REGISTRATIONS = '/partner-program/registrations';
const QR = { type: 'svg', errorCorrectionLevel: 'M', margin: 4 } as const;
const PASSWORD = 'zielona łąka o świcie';

let app: TestApp;
let office: Office;
let inviter: Member;
let leader: Member;
let count = 0;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  inviter = await office.member(undefined, { firstName: 'Łucja', lastName: 'Żak' });
  leader = await office.member(undefined, { permissions: ['participate', 'inviteLevelZero'] });
});
afterAll(() => app.close());

const address = () => `osoba${++count}@poczta.example`;
const pathOf = (url: string) => new URL(url).pathname;
const codeOf = (reply: { body: unknown }) => (reply.body as { code?: string }).code;

interface Link {
  readonly url: string;
  readonly code: string;
}
interface Registered {
  readonly partner: { id: string; status: string; sponsorId: string | null; emailConfirmed: boolean; email: string };
}

/** A mailed invitation: where its link leads. */
async function invitation(fields: object = {}, from = inviter): Promise<{ id: string; email: string; path: string }> {
  const body = {
    firstName: 'Ola',
    lastName: 'Nowa',
    email: address(),
    subject: 'Hej',
    body: 'Hej {{link}}',
    ...fields,
  };
  const sent = await from.agent.post('/partner-program/invitations').send(body).expect(201);
  const text = await mailTo(body.email);
  const path = /\/(?:zaproszenie|convite|invitation)\/[\w-]{43}/.exec(text)![0];
  return { id: (sent.body as { id: string }).id, email: body.email, path };
}

async function mailTo(email: string): Promise<string> {
  return eventually(async () => {
    const mail = (await app.mails()).findLast(({ to }) => to === email);
    if (!mail) throw new Error(`No mail to ${email}`);
    return mail.text;
  });
}

async function linksOf({ agent }: Member): Promise<{ referralLink: Link; levelZeroLink?: Link }> {
  return (await agent.get('/partner-program').expect(200)).body as { referralLink: Link; levelZeroLink?: Link };
}

const consent = () => ({ password: PASSWORD, termsVersionId: office.termsVersionId });
const person = (fields: object = {}) => ({
  ...consent(),
  email: address(),
  firstName: 'Bruno',
  lastName: 'Wolny',
  ...fields,
});

async function register(agent: Agent, path: string, body: object): Promise<Registered['partner']> {
  return ((await agent.post(path).send(body).expect(201)).body as Registered).partner;
}

async function downlineOf({ agent }: Member): Promise<string[]> {
  const { body } = await agent.get('/partner-program/partners?limit=100').expect(200);
  return (body as { data: { id: string }[] }).data.map(({ id }) => id);
}

describe('[P9] [P10] the ways in', () => {
  it('[P11] by invitation: prefilled, only the password, logged in at once, confirmed, under the inviter', async () => {
    const { id, email, path } = await invitation({ phone: '+48 600 100 200' });
    const agent = app.anonymous();
    expect((await agent.get(path).expect(200)).body).toMatchObject({
      firstName: 'Ola',
      lastName: 'Nowa',
      email,
      phone: '+48 600 100 200',
      inviter: { firstName: 'Łucja', lastName: 'Żak' },
      terms: { versionId: office.termsVersionId },
    });
    const partner = await register(agent, path, consent());
    expect(partner).toMatchObject({ email, status: 'active', sponsorId: inviter.partnerId, emailConfirmed: true });
    expect((await agent.get('/partner-program').expect(200)).body).toMatchObject({ partner: { id: partner.id } });
    expect(await downlineOf(inviter)).toContain(partner.id);
    expect(await downlineOf(leader)).not.toContain(partner.id);
    expect(await downlineOf({ ...inviter, agent: office.admin })).toContain(partner.id);
    const { body } = await inviter.agent.get(`/partner-program/invitations/${id}`);
    expect(body).toMatchObject({ status: 'registered' });
    await agent.post('/partner-program/invitations').send({}).expect(400); // let in, not refused for an unconfirmed address
  });

  it('by invitation to level zero: with nobody above', async () => {
    const { path } = await invitation({ levelZero: true }, leader);
    const partner = await register(app.anonymous(), path, consent());
    expect(partner).toMatchObject({ sponsorId: null, status: 'active', emailConfirmed: true });
    expect(await downlineOf(leader)).not.toContain(partner.id);
  });

  it('[F67] by a referral link: under its owner, to be confirmed by a mail that goes out at once', async () => {
    const { referralLink, levelZeroLink } = await linksOf(inviter);
    expect([referralLink.url, levelZeroLink]).toEqual([`${app.url}/rejestracja/${referralLink.code}`, undefined]);
    const agent = app.anonymous();
    const { body } = await agent.get(pathOf(referralLink.url)).expect(200);
    expect(body).toMatchObject({ inviter: { firstName: 'Łucja', lastName: 'Żak' }, levelZero: false });
    const partner = await register(agent, `${REGISTRATIONS}/link/${referralLink.code}`, person());
    expect(partner).toMatchObject({ sponsorId: inviter.partnerId, status: 'active', emailConfirmed: false });
    expect(await downlineOf(inviter)).toContain(partner.id);
    await agent.get('/partner-program').expect(200);
    const refused = await agent.post('/partner-program/invitations').send({});
    expect([refused.status, codeOf(refused)]).toEqual([403, 'EMAIL_UNCONFIRMED']);
    expect(await mailTo(partner.email)).toContain(`${app.url}/`);
  });

  it('by a level-zero link: at the top at once, to be confirmed', async () => {
    const { levelZeroLink } = await linksOf(leader);
    expect(await linksOf(leader)).toMatchObject({ levelZeroLink });
    const partner = await register(app.anonymous(), pathOf(levelZeroLink!.url), person());
    expect(partner).toMatchObject({ sponsorId: null, status: 'active', emailConfirmed: false });
    expect(await downlineOf({ ...inviter, agent: office.admin })).toContain(partner.id);
  });

  it('[F67] without a link: at the top, once a holder of inviteLevelZero approves', async () => {
    const agent = app.anonymous();
    const partner = await register(agent, REGISTRATIONS, person());
    expect(partner).toMatchObject({ status: 'awaitingApproval', sponsorId: null, emailConfirmed: false });
    expect(codeOf(await agent.get('/partner-program').expect(403))).toBe('AWAITING_APPROVAL');
    expect(await mailTo(leader.email)).toContain('Bruno Wolny');
    const approval = `/partner-program/partners/${partner.id}/approval`;
    await inviter.agent.post(approval).expect(403);
    await agent.post(approval).expect(403);
    expect((await leader.agent.get('/partner-program/approvals').expect(200)).body).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ id: partner.id })]) as object,
    });
    await leader.agent.post(approval).expect(201);
    expect(codeOf(await leader.agent.post(approval).expect(409))).toBe('NOT_AWAITING_APPROVAL');
    await leader.agent.post(`/partner-program/partners/${office.termsVersionId}/approval`).expect(404);
    await agent.get('/partner-program').expect(200);
    expect(codeOf(await agent.post('/partner-program/invitations').send({}))).toBe('EMAIL_UNCONFIRMED');
    expect(await downlineOf({ ...inviter, agent: office.admin })).toContain(partner.id);
  });

  it.each([
    ['pl', 'rejestracja'],
    ['pt-BR', 'cadastro'],
    ['en', 'register'],
  ])('[Q11] [P9] by links that read %s as their owner does, and by the Polish ones for ever', async (locale, word) => {
    const owner = await office.member(undefined, { locale, permissions: ['participate', 'inviteLevelZero'] });
    const { referralLink, levelZeroLink } = await linksOf(owner);
    expect([referralLink.url, levelZeroLink!.url]).toEqual([
      `${app.url}/${word}/${referralLink.code}`,
      `${app.url}/${word}/${levelZeroLink!.code}`,
    ]);
    const picture = async (name: string) =>
      String((await owner.agent.get(`/partner-program/${name}.svg`).expect(200)).body);
    expect(await picture('referral-link')).toBe(await qrCode(referralLink.url, QR));
    expect(await picture('level-zero-link')).toBe(await qrCode(levelZeroLink!.url, QR));
    for (const link of [referralLink, levelZeroLink!]) {
      await app.anonymous().get(pathOf(link.url)).expect(200);
      await app.anonymous().get(`/rejestracja/${link.code}`).expect(200);
    }
  });

  it.each(['', ...['/rejestracja', '/cadastro', '/register']])('[Q11] answers at %s/…', async (base) => {
    const { referralLink } = await linksOf(inviter);
    const [bare, link] = base ? [base, `${base}/${referralLink.code}`] : [REGISTRATIONS, pathOf(referralLink.url)];
    for (const path of [bare, link]) {
      const { text, headers } = await app.anonymous().get(path).set('accept', 'text/html').expect(200);
      expect(text).toContain('name="password"');
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
    }
  });

  it('[Q12] [F78] by a form without JavaScript, which leads into the program and nowhere else', async () => {
    const { path } = await invitation();
    const agent = app.anonymous();
    const { text, headers } = await agent.get(path).set('accept', 'text/html').expect(200);
    expect(text).toContain(`action="${path}"`);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    });
    const form = { ...consent(), firstName: 'Ola', lastName: 'Nowa', phone: '' };
    await agent
      .post(`${path}?next=https://evil.example&redirect=//evil.example`)
      .type('form')
      .set('accept', 'text/html')
      .send(form)
      .expect(303)
      .expect('location', '/partner-program');
    await agent.get('/partner-program').expect(200);
  });
});

it('[F54] lets one of fifty simultaneous registrations with one token through', async () => {
  const { email, path } = await invitation();
  const answers = await Promise.all(Array.from({ length: 50 }, () => app.anonymous().post(path).send(consent())));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(new Set(answers.filter(({ status }) => status !== 201).map(codeOf))).toEqual(new Set(['INVITATION_INACTIVE']));
  expect(answers.filter(({ headers }) => headers['set-cookie'] !== undefined)).toHaveLength(1);
  const [{ partners }] = await app.owner.query<[{ partners: string }]>(
    'select count(*) as partners from partner_program.partner where email = $1',
    [email],
  );
  expect(partners).toBe('1');
  expect(codeOf(await app.anonymous().post(path).send(consent()).expect(410))).toBe('INVITATION_INACTIVE');
}, 60_000);

it('[F54] lets one through where two links of one invitation are used at once', async () => {
  const { id, email, path } = await invitation();
  await inviter.agent.post(`/partner-program/invitations/${id}/resending`).expect(202);
  const links = await eventually(async () => {
    const texts = (await app.mails()).filter(({ to }) => to === email).map(({ text }) => text);
    if (texts.length < 2) throw new Error('One mail only');
    return texts.map((text) => /\/zaproszenie\/[\w-]{43}/.exec(text)![0]);
  });
  expect(links).toContain(path);
  const answers = await Promise.all(links.map((link) => app.anonymous().post(link).send(consent())));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 410]);
  for (const link of links) await app.anonymous().get(link).expect(410);
});

it('[F55] [F56] takes address, sponsor, role and status from the invitation only', async () => {
  const { email, path } = await invitation();
  const injected = {
    email: 'victim@poczta.example',
    sponsorId: leader.partnerId,
    inviterId: leader.partnerId,
    levelZero: true,
    status: 'active',
    role: 'admin',
    permissions: ['configure'],
    userId: leader.id,
    emailConfirmedAt: null,
    id: leader.partnerId,
  };
  for (const [field, value] of Object.entries(injected)) {
    const reply = await app
      .anonymous()
      .post(path)
      .send({ ...consent(), [field]: value });
    expect([field, reply.status, codeOf(reply)]).toEqual([field, 400, 'INVALID_INPUT']);
  }
  const agent = app.anonymous();
  const form = await agent
    .post(path)
    .type('form')
    .send({ ...consent(), ...injected })
    .expect(201);
  const { partner } = form.body as Registered;
  expect(partner).toMatchObject({ email, sponsorId: inviter.partnerId, emailConfirmed: true });
  expect(partner.id).not.toBe(leader.partnerId);
  await agent.get('/partner-program/settings').expect(403);
});

it.each([
  ['password', ['a long enough password']],
  ['password', { $ne: '' }],
  ['password', ''],
  ['password', null],
  ['firstName', ['Ola']],
  ['lastName', 'a\nb'],
  ['phone', {}],
  ['termsVersionId', 'latest'],
  ['termsVersionId', [1]],
])('[F55] refuses %s = %j and uses nothing up', async (field, value) => {
  const { path } = await invitation();
  const reply = await app
    .anonymous()
    .post(path)
    .send({ ...consent(), [field]: value });
  expect([400, 422]).toContain(reply.status);
  expect(reply.headers['set-cookie']).toBeUndefined();
  await app.anonymous().get(path).expect(200);
});

describe('[F57] says one and the same of every invitation that is not active', () => {
  const answer = async (path: string) => {
    const [shown, taken] = [await app.anonymous().get(path), await app.anonymous().post(path).send(consent())];
    expect(taken.body).toEqual(shown.body);
    return shown.body as object;
  };
  let unknown: object;
  beforeAll(async () => {
    unknown = await answer(`/zaproszenie/${'a'.repeat(43)}`);
  });

  it('unknown, and no text that could be one', async () => {
    expect(unknown).toMatchObject({ status: 410, code: 'INVITATION_INACTIVE' });
    for (const token of [
      'undefined',
      'null',
      '0',
      '%27',
      '%25',
      'a'.repeat(10_000),
      '..%2f..%2fetc',
      '[object%20Object]',
    ]) {
      const reply = await app.anonymous().get(`/zaproszenie/${token}`);
      expect([token, reply.status, codeOf(reply)]).toEqual([token, 410, 'INVITATION_INACTIVE']);
    }
    expect((await app.anonymous().get('/zaproszenie/%00')).status).toBe(404);
    expect((await app.anonymous().get(`/zaproszenie/${'a'.repeat(64_000)}`)).status).toBe(431);
  });

  it('expired by a millisecond', async () => {
    const { id, path } = await invitation();
    await app.owner.query(`update partner_program.invitation set expires_at = partner_program.now_ms() where id = $1`, [
      id,
    ]);
    expect(await answer(path)).toEqual(unknown);
    expect((await inviter.agent.get(`/partner-program/invitations/${id}`)).body).toMatchObject({ status: 'expired' });
  });

  it('revoked', async () => {
    const { id, path } = await invitation();
    await inviter.agent.delete(`/partner-program/invitations/${id}`).expect(204);
    expect(await answer(path)).toEqual(unknown);
  });

  it('used', async () => {
    const { path } = await invitation();
    await register(app.anonymous(), path, consent());
    expect(await answer(path)).toEqual(unknown);
  });

  it('of somebody who is suspended meanwhile, whose link says the same', async () => {
    const member = await office.member();
    const { path } = await invitation({}, member);
    const { referralLink } = await linksOf(member);
    const suspension = `/partner-program/partners/${member.partnerId}/suspension`;
    await office.admin.post(suspension).send({ reason: 'while it is looked into' }).expect(201);
    expect(await answer(path)).toEqual(unknown);
    const link = await app.anonymous().post(pathOf(referralLink.url)).send(person());
    expect(link.body).toEqual(unknown);
    await office.admin.delete(suspension).expect(204);
    await app.anonymous().get(path).expect(200);
  });

  it('to level zero, from somebody who may no longer invite there', async () => {
    const member = await office.member(undefined, { permissions: ['participate', 'inviteLevelZero'] });
    const { path } = await invitation({ levelZero: true }, member);
    const { levelZeroLink } = await linksOf(member);
    await office.admin
      .patch(`/crm/users/${member.id}`)
      .send({ permissions: ['participate'] })
      .expect(200);
    expect(await answer(path)).toEqual(unknown);
    expect((await app.anonymous().get(pathOf(levelZeroLink!.url))).body).toEqual(unknown);
    await app.anonymous().get('/rejestracja/abcdefghjkmn').expect(410);
  });

  it('from somebody whom the CRM no longer lets take part', async () => {
    const member = await office.member();
    const { path } = await invitation({}, member);
    const { referralLink } = await linksOf(member);
    await app.anonymous().get(pathOf(referralLink.url)).expect(200);
    await office.admin.patch(`/crm/users/${member.id}`).send({ permissions: [] }).expect(200);
    expect(await answer(path)).toEqual(unknown);
    expect((await app.anonymous().get(pathOf(referralLink.url))).body).toEqual(unknown);
  });
});

it('[F58] consumes nothing by looking, whoever looks', async () => {
  const { id, path } = await invitation();
  const state = () =>
    app.owner.query(
      `select i, t from partner_program.invitation i
    join partner_program.invitation_token t on t.invitation_id = i.id where i.id = $1`,
      [id],
    );
  await eventually(async () => {
    const { body } = await inviter.agent.get(`/partner-program/invitations/${id}`);
    expect(body).toMatchObject({ status: 'sent' });
  });
  const before = await state();
  for (let n = 0; n < 5; n++) {
    for (const headers of [{}, { purpose: 'prefetch' }, { 'sec-purpose': 'prefetch', 'sec-fetch-user': '?1' }]) {
      const reply = await app
        .anonymous()
        .get(path)
        .set({ accept: 'text/html', ...headers });
      expect([reply.status, reply.headers['set-cookie']]).toEqual([200, undefined]);
    }
    await app.anonymous().head(path).set('sec-fetch-user', '?1').expect(200);
  }
  expect(await state()).toEqual(before);
  await app.anonymous().get(path).set({ accept: 'text/html', 'sec-fetch-user': '?1' }).expect(200);
  expect((await inviter.agent.get(`/partner-program/invitations/${id}`)).body).toMatchObject({ status: 'opened' });
  await register(app.anonymous(), path, consent());
});

it('[F60] keeps the secret of a link nowhere but in its mail', async () => {
  const { path } = await invitation();
  const secret = path.split('/').at(-1)!;
  const tables = await app.owner.query<{ name: string }[]>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'partner_program' and c.relkind = 'r'`,
  );
  expect(tables.length).toBeGreaterThan(20);
  for (const { name } of tables) {
    const found = await app.owner.query(`select 1 from ${name} t where t::text like '%' || $1 || '%'`, [secret]);
    expect([name, found]).toEqual([name, []]);
  }
});

it('[F62] refuses an address that has an account, in any case, with no session, and tells its owner once a day', async () => {
  const { referralLink } = await linksOf(inviter);
  for (const path of [pathOf(referralLink.url), REGISTRATIONS]) {
    const reply = await app
      .anonymous()
      .post(path)
      .send(person({ email: inviter.email.toUpperCase() }));
    expect([reply.status, codeOf(reply), reply.headers['set-cookie']]).toEqual([409, 'EMAIL_TAKEN', undefined]);
  }
  await mailTo(inviter.email);
  await eventually(async () => {
    const waiting = await app.owner.query(
      `select 1 from partner_program.job where kind = 'mail' and status = 'waiting'`,
    );
    expect(waiting).toEqual([]);
  });
  const others = (await app.mails()).filter(
    ({ to, headers }) => to === inviter.email && !('List-Unsubscribe' in headers),
  );
  expect(others).toMatchObject([{ subject: 'Masz już konto w programie partnerskim' }]);
});

it('[F64] lets two hundred registrations an hour in from one network address', async () => {
  const { referralLink } = await linksOf(inviter);
  await app.owner.query(
    `update partner_program.throttle set spent_until = now() + 199 * interval '18 seconds' where key like 'registration:%'`,
  );
  const ask = () =>
    app
      .anonymous()
      .post(pathOf(referralLink.url))
      .send(person({ password: 'x' }));
  const statuses = (await Promise.all([ask(), ask(), ask()])).map(({ status }) => status).sort();
  expect(statuses.slice(1)).toEqual([429, 429]);
  expect(statuses[0]).not.toBe(429);
  await app.owner.query(`delete from partner_program.throttle where key like 'registration:%'`);
});

it('[F67] [F68] takes only the terms in force, on every way in', async () => {
  const outdated = consent();
  const { body } = await office.admin
    .post('/partner-program/terms')
    .field('title', 'Regulamin 2')
    .attach('file', PDF, { filename: 'regulamin.pdf', contentType: 'application/pdf' })
    .expect(201);
  const { versionId } = body as { versionId: string };
  await office.admin.post(`/partner-program/terms/${versionId}/publication`).expect(201);
  const { path } = await invitation();
  const { referralLink } = await linksOf(inviter);
  const stranger = person();
  const ways = [
    [path, consent()],
    [pathOf(referralLink.url), stranger],
    [REGISTRATIONS, stranger],
  ] as const;
  for (const [way, body] of ways) {
    const reply = await app
      .anonymous()
      .post(way)
      .send({ ...body, ...outdated });
    expect([reply.status, codeOf(reply)]).toEqual([409, 'TERMS_OUTDATED']);
    await app
      .anonymous()
      .post(way)
      .send({ ...body, termsVersionId: undefined })
      .expect(400);
  }
  const partner = await register(app.anonymous(), path, { ...outdated, termsVersionId: versionId });
  const [accepted] = await app.owner.query<{ id: string }[]>(
    'select terms_version_id as id from partner_program.terms_acceptance where partner_id = $1',
    [partner.id],
  );
  expect(accepted).toEqual({ id: versionId });
});

it('forgets those who did not register some days after their invitation expired', async () => {
  const [kept, forgotten] = [await invitation(), await invitation()];
  const expire = (id: string, days: number) =>
    app.owner.query(
      `update partner_program.invitation set expires_at = partner_program.now_ms() - make_interval(days => $2) where id = $1`,
      [id, days],
    );
  await expire(kept.id, 13);
  await expire(forgotten.id, 15);
  await app.owner.query(`update partner_program.job set due_at = partner_program.now_ms() where kind = 'retention'`);
  await eventually(() => inviter.agent.get(`/partner-program/invitations/${forgotten.id}`).expect(404));
  await inviter.agent.get(`/partner-program/invitations/${kept.id}`).expect(200);
  await app.anonymous().get(forgotten.path).expect(410);
});
