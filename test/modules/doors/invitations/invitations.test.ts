import { bootApp } from '../../../support/app';
import type { SentMail, TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { Office } from '../../../support/program';
import type { Member } from '../../../support/program';

const INVITATIONS = '/partner-program/invitations';

let app: TestApp;
let office: Office;
let inviter: Member;
let count = 0;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  inviter = await office.member(undefined, { firstName: 'Łucja', lastName: 'Żak' });
});
afterAll(() => app.close());

const draft = (fields: object = {}) => ({
  firstName: 'Ola',
  lastName: 'Nowa',
  email: `ola${++count}@firma.example`,
  subject: 'Zaproszenie, {{imie}}',
  body: 'Cześć {{imie}}, {{zapraszajacy}} zaprasza: {{link}}',
  ...fields,
});

interface Sent {
  readonly id: string;
  readonly status: string;
  readonly sentFrom: string;
}

async function invite(member: Member, fields: object = {}): Promise<Sent & { email: string }> {
  const body = draft(fields);
  return { email: body.email, ...((await member.agent.post(INVITATIONS).send(body).expect(201)).body as Sent) };
}

function mailsTo(email: string, expected = 1): Promise<SentMail[]> {
  return eventually(async () => {
    const mails = (await app.mails()).filter(({ to }) => to === email);
    if (mails.length < expected) throw new Error(`${mails.length} mails to ${email}`);
    return mails;
  });
}

const linkIn = ({ text }: SentMail) => /https?:\S+\/(zaproszenie|convite|invitation)\/[\w-]{43}/.exec(text)![0];
const suppressionIn = ({ text }: SentMail) => /https?:\S+\/suppression/.exec(text)![0];
const pathOf = (url: string) => new URL(url).pathname;

it('[P7] [P8] mails what was written, from the program where the inviter has no mailbox', async () => {
  const sender = (await inviter.agent.get(`${INVITATIONS}/sender`).expect(200)).body as object;
  expect(sender).toEqual({ sentFrom: 'program', address: null });
  const sent = await invite(inviter);
  expect(sent).toMatchObject({ status: 'sent', sentFrom: 'program', expiresAt: expect.any(String) as string });
  const [mail] = await mailsTo(sent.email);
  expect(mail).toMatchObject({ from: 'powiadomienia@crm.example', subject: 'Zaproszenie, Ola', html: null });
  expect(mail!.text).toContain(`Cześć Ola, Łucja Żak zaprasza: ${app.url}/zaproszenie/`);
  expect(mail!.text).toContain('/suppression');
});

it('[P8] sends from the inviter’s own mailbox, where the CRM knows one, and in the inviter’s language', async () => {
  const member = await office.member(inviter, { mailbox: 'jan@firma.example', locale: 'pt-BR' });
  expect((await member.agent.get(INVITATIONS).expect(200)).body).toMatchObject({
    sender: { sentFrom: 'own', address: 'jan@firma.example' },
    suggestion: { body: expect.stringContaining('{{nome}}') as string },
  });
  const { email, sentFrom } = await invite(member, { body: 'sem link' });
  expect(sentFrom).toBe('own');
  const [mail] = await mailsTo(email);
  expect(mail!.from).toBe('jan@firma.example');
  expect(linkIn(mail!)).toMatch(`${app.url}/convite/`);
});

it('shows partners their own invitations and nobody else’s', async () => {
  const [one, two] = [await office.member(), await office.member()];
  const { id } = await invite(one);
  expect((await one.agent.get(INVITATIONS).expect(200)).body).toMatchObject({ data: [{ id, status: 'sent' }] });
  expect((await two.agent.get(INVITATIONS).expect(200)).body).toMatchObject({ data: [], nextCursor: null });
  await one.agent.get(`${INVITATIONS}/${id}`).expect(200);
  await two.agent.get(`${INVITATIONS}/${id}`).expect(404);
  await two.agent.post(`${INVITATIONS}/${id}/resending`).expect(404);
  await two.agent.delete(`${INVITATIONS}/${id}`).expect(404);
  await one.agent
    .get(INVITATIONS)
    .set('accept', 'text/html')
    .expect(200)
    .expect(/istatus|Wysłane/);
  await office.admin.get(INVITATIONS).expect(403);
  await app.anonymous().get(INVITATIONS).expect(401);
});

it('[P7] lists the own invitations of one status, and refuses a status there is none of', async () => {
  const member = await office.member();
  const [open, revoked] = [await invite(member), await invite(member)];
  await member.agent.delete(`${INVITATIONS}/${revoked.id}`).expect(204);
  const withStatus = async (status: string) =>
    ((await member.agent.get(`${INVITATIONS}?status=${status}`).expect(200)).body as { data: Sent[] }).data;
  expect(await withStatus('revoked')).toMatchObject([{ id: revoked.id, status: 'revoked' }]);
  expect(await withStatus('sent')).toMatchObject([{ id: open.id, status: 'sent' }]);
  expect(await withStatus('bounced')).toEqual([]);
  await member.agent.get(`${INVITATIONS}?status=gone`).expect(400);
});

it('[P7] goes on to the next person with the text just written, and says that the first is invited', async () => {
  const member = await office.member();
  const sent = await member.agent
    .post(INVITATIONS)
    .type('form')
    .set('accept', 'text/html')
    .send({ ...draft({ subject: 'Razem, {{imie}}?' }), levelZero: 'false', next: 'true' })
    .expect(303);
  const next = new URL(sent.headers.location!, app.url);
  expect([...next.searchParams.keys()]).toEqual(['done', 'sent', 'next']);
  const { text } = await member.agent.get(next.pathname + next.search).set('accept', 'text/html');
  expect(text).toContain('Zaproszenie jest w drodze.');
  expect(text).toMatch(/id="pp-first-name"[^>]* autofocus/);
  expect(text).toContain('value="Razem, {{imie}}?"');
  const another = await office.member();
  const { body } = await another.agent.get(`${INVITATIONS}?sent=${next.searchParams.get('sent')}`).expect(200);
  expect(body).toMatchObject({ suggestion: { subject: '{{zapraszajacy}} zaprasza Cię do programu partnerskiego' } });
});

it('[P7] keeps the tab in which an invitation is revoked', async () => {
  const member = await office.member();
  const { id } = await invite(member);
  await member.agent
    .post(`${INVITATIONS}/${id}?_method=DELETE`)
    .type('form')
    .set('accept', 'text/html')
    .send({ tab: 'sent' })
    .expect('location', `${INVITATIONS}?done=revoked&status=sent`);
});

it('[P7] puts the own link on a sheet to print, with its code and in words', async () => {
  const sheet = await inviter.agent.get('/partner-program/referral-link').set('accept', 'text/html').expect(200);
  const { url } = (await inviter.agent.get('/partner-program/referral-link').expect(200)).body as { url: string };
  expect(sheet.text).toContain(`<p class="pp-sheet__link">${url}</p>`);
  expect(sheet.text).toContain('Łucja Żak zaprasza do programu partnerskiego');
  const [, picture] = /<img class="pp-sheet__code" src="([^"]+)"/.exec(sheet.text)!;
  await inviter.agent.get(picture!).expect(200).expect('content-type', /svg/);
  await inviter.agent.get('/partner-program/level-zero-link').expect(403);
});

it('[P7] [F74] previews without sending', async () => {
  const letter = { firstName: '<b>', subject: '{{imie}}', body: '{{constructor}} {{zapraszajacy}}' };
  const { body } = await inviter.agent.post(`${INVITATIONS}/preview`).send(letter).expect(200);
  expect(body).toEqual({
    subject: '<b>',
    text: `{{constructor}} Łucja Żak\n\n${app.url}/zaproszenie/…`,
  });
  const form = { ...draft(letter), levelZero: 'false' };
  const page = await inviter.agent.post(`${INVITATIONS}/preview`).type('form').set('accept', 'text/html').send(form);
  expect(page.text).toContain('&lt;b&gt;');
  expect(await app.mails()).not.toContainEqual(expect.objectContaining({ to: form.email }));
});

it('[P9] needs the permission for level zero, and a body cannot give it', async () => {
  const { status, body } = await inviter.agent.post(INVITATIONS).send(draft({ levelZero: true }));
  expect([status, (body as { code: string }).code]).toEqual([403, 'FORBIDDEN']);
  const leader = await office.member(undefined, { permissions: ['participate', 'inviteLevelZero'] });
  await leader.agent
    .post(INVITATIONS)
    .send(draft({ levelZero: true }))
    .expect(201);
});

it('refuses the address of a partner, however it is written, and tells nothing else', async () => {
  const { status, body } = await inviter.agent.post(INVITATIONS).send(draft({ email: inviter.email.toUpperCase() }));
  expect([status, (body as { code: string }).code]).toEqual([409, 'ALREADY_PARTNER']);
  expect(JSON.stringify(body)).not.toMatch(/Żak|sponsor/);
});

const ADDRESSES = [
  'a@b.example,c@d.example',
  'a@b.example;c@d.example',
  'a@b.example c@d.example',
  'Anna <a@b.example>',
  '<a@b.example>',
  'a@b.example\nBcc: c@d.example',
  'a@b.example\r\n',
  'a@b.example%0aBcc:c@d.example',
  'a\u0000@b.example',
  'а@b.example',
  'a@ｂ.example',
  'mike@example.org\u200b',
  'mi\u212ae@example.org',
  'łucja@b.example',
  'a@@b.example',
  'a@b',
  '@b.example',
  'a@',
  'a',
  '',
  'a@[127.0.0.1]',
  `${'a'.repeat(250)}@b.example`,
  ['a@b.example'],
  ['a@b.example', 'c@d.example'],
  { 0: 'a@b.example' },
  { email: 'a@b.example' },
  null,
  7,
  true,
];

it.each(ADDRESSES.map((email) => [JSON.stringify(email), email]))(
  '[F55] takes no %s for an address',
  async (_, email) => {
    await inviter.agent.post(INVITATIONS).send(draft({ email })).expect(400);
  },
);

/** What looks like a letter of an address, or stands unseen between two of them. */
const LOOK_ALIKES: Record<string, readonly string[]> = {
  a: ['\u0430', '\uff41', '\u00e1', '\u0251', '\u{1d41a}', 'a\u0301'],
  e: ['\u0435', '\uff45', '\u0119', '\u{1d41e}'],
  i: ['\u0131', '\u0456', '\u0130', '\uff49', '\u{1d422}'],
  k: ['\u212a', '\u043a', '\uff4b', '\u{1d424}'],
  l: ['\u0142', '\u04cf', '\uff4c', '\u{1d425}'],
  m: ['\u043c', '\uff4d', '\u{1d426}'],
  o: ['\u043e', '\u03bf', '\uff4f', '\u0585', '\u{1d428}'],
  p: ['\u0440', '\uff50', '\u{1d429}'],
  s: ['\u017f', '\u0455', '\uff53', '\u{1d42c}'],
  x: ['\u0445', '\uff58', '\u{1d431}'],
  '.': ['\u3002', '\uff0e', '\u2024'],
  '@': ['\uff20', '\ufe6b'],
};
const UNSEEN = ['\u200b', '\u200d', '\u00ad', '\u2060', '\ufeff', '\u202e', '\u0000', '\t', '\n', '\u00a0'];

it('[F55] takes no look-alike of an address for one, whichever character is replaced or slipped in', async () => {
  const address = 'mike.slop@example.com';
  const letters = Array.from(address);
  const replaced = letters.flatMap((letter, at) =>
    (LOOK_ALIKES[letter] ?? []).map((alike) => letters.with(at, alike).join('')),
  );
  const slipped = letters.flatMap((_, at) =>
    UNSEEN.map((unseen) => address.slice(0, at + 1) + unseen + address.slice(at + 1)),
  );
  const corpus = [...replaced, ...slipped];
  expect(corpus.length).toBeGreaterThan(200);
  const taken: string[] = [];
  for (const email of corpus.filter((one) => one.trim() !== address)) {
    const { status, body } = await inviter.agent.post(INVITATIONS).send(draft({ email }));
    // A domain of Latin letters with marks is another domain, and kept as mail servers write it.
    const isOther = status === 201 && /@xn--[a-z0-9-]+\.com$/.test((body as { email: string }).email);
    if (status !== 400 && !isOther) taken.push(`${status} ${JSON.stringify(email)}`);
  }
  expect(taken).toEqual([]);
});

it('[F55] takes one plain address, the same in both cases, and a plus for a part of it', async () => {
  await invite(inviter, { email: 'Anna+crm@Firma.example' });
  await invite(inviter, { email: 'anna+CRM@firma.example' });
  await invite(inviter, { email: 'anna@firma.example' });
  await inviter.agent.post(INVITATIONS).type('form').send('email=a@b.example&email=c@d.example').expect(400);
});

it.each([
  ['a line break in the subject', { subject: 'Hej\r\nBcc: x@y.example' }],
  ['a line break in a name', { firstName: 'Ola\nX' }],
  ['a NUL in the text', { body: 'a\0b' }],
  ['a name of blanks', { lastName: '  ' }],
  ['a name that is a list', { firstName: ['Ola'] }],
  ['a text without end', { body: 'a'.repeat(5_001) }],
])('[F74] refuses %s', async (_, fields) => {
  await inviter.agent.post(INVITATIONS).send(draft(fields)).expect(400);
});

it('[F75] evaluates nothing in names, subjects and texts', async () => {
  const evil = '{{constructor.constructor}} ${7*7} <%= 7*7 %> {{#if 1}}x{{/if}}';
  const { email } = await invite(inviter, { firstName: '{{link}}', subject: evil, body: `${evil} {{imie}}` });
  const [mail] = await mailsTo(email);
  expect(mail!.subject).toBe(evil);
  expect(mail!.text).toContain(`${evil} {{link}}`);
});

it('[F59] begins every link with the configured address, whatever the request calls us', async () => {
  const body = draft();
  await inviter.agent
    .post(INVITATIONS)
    .set({ host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' })
    .send(body)
    .expect(201);
  const [mail] = await mailsTo(body.email);
  for (const [link] of mail!.text.matchAll(/https?:\S+/g)) expect(link).toMatch(`${app.url}/`);
  const dashboard = await inviter.agent.get('/partner-program').set('host', 'evil.example').expect(200);
  expect(JSON.stringify(dashboard.body)).not.toContain('evil.example');
});

it('resends with a new link and keeps the earlier one alive; revoked, none works', async () => {
  const { id, email } = await invite(inviter);
  await mailsTo(email);
  await inviter.agent.post(`${INVITATIONS}/${id}/resending`).expect(202);
  const links = (await mailsTo(email, 2)).map(linkIn);
  expect(new Set(links).size).toBe(2);
  for (const link of links) await app.anonymous().get(pathOf(link)).expect(200);
  await inviter.agent.delete(`${INVITATIONS}/${id}`).expect(204);
  await inviter.agent.delete(`${INVITATIONS}/${id}`).expect(204);
  for (const link of links) await app.anonymous().get(pathOf(link)).expect(410);
  await inviter.agent.post(`${INVITATIONS}/${id}/resending`).expect(410);
  expect((await inviter.agent.get(`${INVITATIONS}/${id}`)).body).toMatchObject({ status: 'revoked' });
});

/** The rows in which something is counted for somebody. */
async function keysOf(limit: string, whom: string): Promise<string[]> {
  const rows = await app.owner.query<{ key: string }[]>(
    `select key from partner_program.throttle where key = $1 || ':' || encode(sha256($2::text::bytea), 'hex')`,
    [limit, whom],
  );
  return rows.map(({ key }) => key);
}

describe('[F64] how many are sent', () => {
  it('is at most three a day to one address, of any number asked for at once by anybody', async () => {
    const [one, two] = [await office.member(), await office.member()];
    const email = 'wanted@firma.example';
    const ask = (_: unknown, n: number) => (n % 2 ? one : two).agent.post(INVITATIONS).send(draft({ email }));
    const statuses = (await Promise.all(Array.from({ length: 20 }, ask))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(17);
    const { data } = (await one.agent.get(INVITATIONS)).body as { data: { id: string }[] };
    if (data[0]) await one.agent.post(`${INVITATIONS}/${data[0].id}/resending`).expect(429);
    expect(await mailsTo(email, 3)).toHaveLength(3);
  });

  it('is one more to the same address after a third of a day', async () => {
    const email = 'patient@firma.example';
    const ask = async () => (await inviter.agent.post(INVITATIONS).send(draft({ email }))).status;
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([201, 201, 201, 429]);
    const [key] = await keysOf('recipient', email);
    await app.owner.query(
      `update partner_program.throttle set spent_until = spent_until - interval '8 hours' where key = $1`,
      [key],
    );
    expect([await ask(), await ask()]).toEqual([201, 429]);
  });

  it('is at most fifty a day from one partner; what is refused costs the address nothing', async () => {
    const member = await office.member();
    const answers = [];
    for (let n = 0; n < 50; n++) answers.push((await member.agent.post(INVITATIONS).send(draft())).status);
    expect(answers.filter((status) => status === 201)).toHaveLength(50);
    const spared = 'spared@firma.example';
    for (let n = 0; n < 5; n++) {
      const refused = await member.agent
        .post(INVITATIONS)
        .send(draft({ email: spared }))
        .expect(429);
      expect(refused.body).toMatchObject({ code: 'TOO_MANY_INVITATIONS' });
      expect(Number(refused.headers['retry-after'])).toBe(
        (refused.body as { retryAfterSeconds: number }).retryAfterSeconds,
      );
    }
    expect(await keysOf('recipient', spared)).toEqual([]);
    expect(await keysOf('sender', member.partnerId)).toHaveLength(1);
  });

  it('is none to somebody who asked for no more', async () => {
    const { id, email } = await invite(inviter);
    const [mail] = await mailsTo(email);
    const path = pathOf(suppressionIn(mail!));
    for (let n = 0; n < 5; n++) await app.anonymous().get(path).expect(200, { email });
    await app
      .anonymous()
      .get(pathOf(linkIn(mail!)))
      .expect(200);
    await app.anonymous().post(path).expect(204);
    await app
      .anonymous()
      .get(pathOf(linkIn(mail!)))
      .expect(410);
    const { status, body } = await inviter.agent.post(INVITATIONS).send(draft({ email: email.toUpperCase() }));
    expect([status, (body as { code: string }).code]).toEqual([409, 'ADDRESS_SUPPRESSED']);
    await inviter.agent.post(`${INVITATIONS}/${id}/resending`).expect(410);
    await app
      .anonymous()
      .post(`/partner-program/registrations/invitation/${'x'.repeat(43)}/suppression`)
      .expect(410);
  });
});

it('[P7] shows the link as a QR code, to its owner', async () => {
  const { body, headers } = await inviter.agent.get('/partner-program/referral-link.svg').expect(200);
  expect(headers['content-type']).toMatch('image/svg+xml');
  expect((body as Buffer).toString()).toMatch(/^<svg.*<\/svg>\s*$/s);
  await inviter.agent.get('/partner-program/level-zero-link.svg').expect(403);
  await app.anonymous().get('/partner-program/referral-link.svg').expect(401);
});
