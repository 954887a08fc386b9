import { randomBytes } from 'node:crypto';
import request from 'supertest';
import { NotificationLetters } from '../../../../modules/platform/notifications/letters/letters.service';
import { NotificationsService } from '../../../../modules/platform/notifications/notifications.service';
import { bootApp } from '../../../support/app';
import type { Agent, SentMail, TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { Office, PDF } from '../../../support/program';
import type { Member, Person } from '../../../support/program';
import { tillOf } from '../../money/redemptions/till';

const BASE = '/partner-program/notifications';
const KINDS = ['commission', 'withdrawal', 'newPartner', 'terms'] as const;

interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly href: string;
  readonly seen: boolean;
}

let app: TestApp;
let office: Office;
const till = tillOf(() => office);

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
});
afterAll(() => app.close());

/** Waits until every job that tells somebody something is done, and no mail is under way. */
const quiet = () =>
  eventually(async () => {
    const waiting: { key: string }[] = await app.owner.query(
      `select key from partner_program.job
        where status = 'waiting' and kind in ('letter', 'mail', 'notifyAll', 'withdrawalRequested')`,
    );
    expect(waiting).toEqual([]);
  });

/** With the spaces that everybody types: amounts are kept together by other ones. */
const plain = (text: string) => text.replace(/\u00a0/g, ' ');

async function list({ agent }: { agent: Agent }): Promise<Listed[]> {
  const { body } = await agent.get(BASE).expect(200);
  return (body as { data: Listed[] }).data.map((item) => ({ ...item, text: plain(item.text) }));
}

const mailsTo = async ({ email }: Person): Promise<SentMail[]> => {
  await quiet();
  return (await app.mails())
    .filter(({ to }) => to === email)
    .map((mail) => ({ ...mail, subject: plain(mail.subject) }));
};
/** The mails that one can unsubscribe from. */
const lettersTo = async (person: Person) =>
  (await mailsTo(person)).filter(({ headers }) => 'List-Unsubscribe' in headers);

const choose = ({ agent }: Person, ...data: object[]) => agent.put(`${BASE}/preferences`).send({ data });

/** Has commissions gathered now instead of within the hour. */
async function gather(): Promise<void> {
  await office.settled();
  await app.owner.query(
    `update partner_program.job set due_at = partner_program.now_ms() where kind = 'digestCommissions'`,
  );
  await eventually(async () => {
    const due = await app.owner.query(
      `select 1 from partner_program.job where kind = 'digestCommissions' and due_at <= partner_program.now_ms()`,
    );
    expect(due).toEqual([]);
  });
}

const linkIn = ({ headers }: SentMail): string =>
  /^<(.+)>$/.exec(headers['List-Unsubscribe']!)![1]!.slice(app.url.length);

describe('[S14] a partner is told', () => {
  it('[P11] who joined directly below, and nobody further up', async () => {
    const top = await office.member();
    const middle = await office.member(top);
    const below = await office.member(middle, { firstName: 'Łucja', lastName: 'Żak' });
    expect(await list(middle)).toMatchObject([
      {
        kind: 'newPartner',
        text: 'Łucja Żak dołącza do Twojej struktury',
        href: `/partner-program/partners/${below.partnerId}`,
        seen: false,
      },
    ]);
    expect(await list(top)).toHaveLength(1);
    expect(await list(below)).toEqual([]);
    const [mail, ...others] = await lettersTo(middle);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ subject: 'Łucja Żak dołącza do Twojej struktury' });
    expect(mail!.text).toContain(`${app.url}/partner-program/partners/${below.partnerId}`);
  });

  it('[F64] who joined by a link, once the address is confirmed and not before', async () => {
    const top = await office.member();
    const { body } = await top.agent.get('/partner-program').expect(200);
    const code = (body as { referralLink: { url: string } }).referralLink.url.split('/').at(-1);
    const newcomer = {
      email: 'zosia@poczta.example',
      firstName: 'Zosia',
      lastName: 'Link',
      password: 'cztery kolory na niebie',
    };
    await app
      .anonymous()
      .post(`/partner-program/registrations/link/${code}`)
      .send({ ...newcomer, termsVersionId: office.termsVersionId })
      .expect(201);
    expect(await lettersTo(top)).toEqual([]);
    expect(await list(top)).toEqual([]);
    const confirmation = await eventually(async () => {
      const mail = (await app.mails()).find(({ to }) => to === newcomer.email);
      return /\/potwierdz-email\/[\w-]{43}/.exec(mail!.text)![0];
    });
    await app.anonymous().post(confirmation).expect(204);
    expect((await list(top)).map(({ text }) => text)).toEqual(['Zosia Link dołącza do Twojej struktury']);
    expect(await lettersTo(top)).toHaveLength(1);
  });

  it('[P17] that a withdrawal was paid, or why it was rejected; nothing of one withdrawn', async () => {
    const partner = await till.aPartner(300_00);
    await till.pay(await till.asked(partner, 100_00)).expect(201);
    await till.reject(await till.asked(partner, 200_00)).expect(201);
    await till.cancel(partner, await till.asked(partner, 200_00)).expect(201);
    const texts = ['Wniosek o wypłatę 200,00 zł został odrzucony', 'Wypłata 100,00 zł została zrealizowana'];
    expect((await list(partner)).map(({ text }) => text)).toEqual(texts);
    const letters = await lettersTo(partner);
    expect(letters.map(({ subject }) => subject)).toEqual([...texts].reverse());
    expect(letters[1]!.text).toContain('Powód: The account number is wrong');
  });

  it('of commissions together, in each currency, what was taken back included', async () => {
    const seller = await office.member();
    await office.plan({ kind: 'levels', levels: [{ level: 0, rateBps: 1_000 }] });
    await office.plan({ kind: 'levels', currency: 'EUR', levels: [{ level: 0, rateBps: 1_000 }] });
    const [first, second] = [await office.contract(seller, 100_00), await office.contract(seller, 50_00)];
    const inEuro = await office.contract(seller, 1_000_00, { currency: 'EUR' });
    for (const contract of [first, second, inEuro]) await office.status(contract, 'signed');
    expect(await list(seller)).toEqual([]);
    await gather();
    await gather();
    const texts = async () => (await list(seller)).map(({ text }) => text);
    expect(await texts()).toEqual(['Prowizje z 3 umów: +100,00 €, +15,00 zł']);
    expect(await lettersTo(seller)).toHaveLength(1);

    await office.status(second, 'cancelled');
    const third = await office.contract(seller, 70_00);
    await office.status(third, 'signed');
    await office.status(third, 'cancelled');
    await gather();
    expect((await texts())[0]).toBe('Prowizje z 1 umowy: -5,00 zł');

    await office.status(await office.contract(seller, 100_00), 'signed');
    await office.status(first, 'cancelled');
    await gather();
    expect((await texts())[0]).toBe('Prowizje z 2 umów: 0,00 zł');
    expect(await lettersTo(seller)).toHaveLength(3);
  });

  it('[Q11] in the own language', async () => {
    for (const [locale, text] of [
      ['pt-BR', 'O saque de R$ 100,00 foi pago'],
      ['en', 'Your withdrawal of R$100.00 was paid'],
    ] as const) {
      const partner = await office.member(undefined, { locale });
      await office.admin
        .post(`/partner-program/partners/${partner.partnerId}/adjustments`)
        .send({ amountMinor: 100_00, currency: 'BRL', reason: 'Bonus agreed upon by telephone' })
        .expect(201);
      const { body } = await till.ask(partner, 100_00, { currency: 'BRL' }).expect(201);
      await till.pay((body as { id: string }).id).expect(201);
      expect((await list(partner))[0]!.text).toBe(text);
      const [letter] = await lettersTo(partner);
      expect(letter!.subject).toBe(text);
      expect(letter!.text).toMatch(locale === 'en' ? /^Hello Jan,[^]*Unsubscribe:/ : /^Olá, Jan,[^]*inscrição:/);
    }
  });

  it('of the same thing once, also when a server took a mail without a word', async () => {
    const top = await office.member();
    await office.member(top);
    const before = await lettersTo(top);
    await app.owner.query(
      `update partner_program.job set status = 'waiting', finished_at = null, due_at = partner_program.now_ms()
        where kind = 'letter' and status = 'done' and payload->>'kind' = 'notification'`,
    );
    expect(await lettersTo(top)).toHaveLength(before.length);
    const [{ id }] = await app.owner.query(
      `select partner_id as id from partner_program.notification where partner_id = $1`,
      [top.partnerId],
    );
    await expect(
      app.owner.query(
        `insert into partner_program.notification (partner_id, kind, about, shown)
         select partner_id, kind, about, shown from partner_program.notification where partner_id = $1`,
        [id],
      ),
    ).rejects.toThrow('notification_once');
  });
});

describe('[S2] a request for money', () => {
  it('is confirmed to the partner, and tells those who settle requests that it waits', async () => {
    const manager = await office.user({ permissions: ['manageBalances'], locale: 'en' });
    const partner = await till.aPartner(100_00);
    await till.asked(partner, 100_00);
    const [confirmation] = await mailsTo(partner).then((mails) => mails.slice(-1));
    expect(confirmation!.subject).toBe('Przyjęliśmy wniosek o wypłatę 100,00 zł');
    const told = await mailsTo(manager);
    expect(told.map(({ subject }) => subject)).toEqual([expect.stringMatching(/^Jan Kos\d+ asks for a withdrawal of/)]);
    expect(told[0]!.text).toContain(`${app.url}/partner-program/withdrawals`);
    await till.ask(partner, 100_00).expect(409);
    expect(await mailsTo(manager)).toHaveLength(1);
  });

  it('by somebody who settles requests is told to the others only', async () => {
    const manager = await office.member(undefined, { permissions: ['participate', 'manageBalances'] });
    await till.adjust(manager, 100_00).expect(201);
    await till.asked(manager, 100_00);
    const subjects = (await mailsTo(manager)).map(({ subject }) => subject);
    expect(subjects.filter((subject) => subject.includes('prosi o wypłatę'))).toEqual([]);
    expect(subjects).toContain('Przyjęliśmy wniosek o wypłatę 100,00 zł');
  });
});

describe('the list in the portal', () => {
  it('counts what is unseen in the navigation, up to nine, until it is seen', async () => {
    const top = await office.member();
    const bell = async () => {
      const { text } = await top.agent.get('/partner-program').set('Accept', 'text/html').expect(200);
      return /pp-bell__count[^>]*>([^<]*)</.exec(text)?.[1];
    };
    expect(await bell()).toBeUndefined();
    for (let count = 0; count < 10; count++) await office.member(top);
    expect(await bell()).toBe('9+');
    const all = await list(top);
    await top.agent.post(`${BASE}/seen`).send({ until: all[2]!.id }).expect(204);
    expect((await list(top)).map(({ seen }) => seen)).toEqual([false, false, ...Array<boolean>(8).fill(true)]);
    expect(await bell()).toBe('2');
    await top.agent.post(`${BASE}/seen`).send({ until: all[9]!.id }).expect(204);
    expect(await bell()).toBe('2');
    await top.agent.post(`${BASE}/seen`).send({ until: '999999999999999999' }).expect(204);
    expect(await bell()).toBeUndefined();
    await office.member(top);
    expect(await bell()).toBe('1');
  });

  it('goes on page by page, and opening it changes nothing', async () => {
    const top = await office.member();
    for (let count = 0; count < 3; count++) await office.member(top);
    const all = await list(top);
    const { body } = await top.agent.get(`${BASE}?limit=2`).expect(200);
    const first = body as { data: Listed[]; nextCursor: string };
    expect(first.data).toEqual(all.slice(0, 2));
    const next = await top.agent.get(`${BASE}?limit=2&cursor=${first.nextCursor}`).expect(200);
    expect(next.body).toEqual({ data: all.slice(2), nextCursor: null });
    await top.agent.get(BASE).set('Accept', 'text/html').expect(200);
    expect((await list(top)).some(({ seen }) => seen)).toBe(false);
    await top.agent.get(`${BASE}?cursor=WyJ4Il0`).expect(400);
  });

  it('[F69] is everybody’s own', async () => {
    const [top, other] = [await office.member(), await office.member()];
    await office.member(top);
    const [{ id }] = (await list(top)) as [Listed];
    expect(await list(other)).toEqual([]);
    await other.agent.post(`${BASE}/seen`).send({ until: id }).expect(204);
    expect((await list(top))[0]!.seen).toBe(false);
  });
});

describe('[S14] preferences', () => {
  it('want everything at first, and are kept by event and channel', async () => {
    const partner = await office.member();
    const of = async () =>
      ((await partner.agent.get(`${BASE}/preferences`).expect(200)).body as { data: object[] }).data;
    expect(await of()).toEqual(KINDS.map((kind) => ({ kind, email: true, portal: true })));
    await choose(partner, { kind: 'terms', email: false, portal: true }, { kind: 'commission' }).expect(200);
    expect(await of()).toEqual([
      { kind: 'commission', email: false, portal: false },
      { kind: 'withdrawal', email: true, portal: true },
      { kind: 'newPartner', email: true, portal: true },
      { kind: 'terms', email: false, portal: true },
    ]);
    await choose(partner, { kind: 'commission', email: true, portal: true }).expect(200);
    expect((await of())[0]).toEqual({ kind: 'commission', email: true, portal: true });
    await choose(partner, { kind: 'weather', email: true, portal: true }).expect(400);
    await choose(partner, { kind: 'terms', email: true }, { kind: 'terms', email: false }).expect(400);
  });

  it('can be chosen in a form, where a box that is not ticked says no', async () => {
    const partner = await office.member();
    await partner.agent
      .post(`${BASE}/preferences?_method=PUT`)
      .type('form')
      .set('Accept', 'text/html')
      .send('data[0][kind]=newPartner&data[0][portal]=on&data[1][kind]=terms')
      .expect(303)
      .expect('location', `${BASE}/preferences?done=saved`);
    const { body } = await partner.agent.get(`${BASE}/preferences`).expect(200);
    expect((body as { data: object[] }).data.slice(2)).toEqual([
      { kind: 'newPartner', email: false, portal: true },
      { kind: 'terms', email: false, portal: false },
    ]);
  });

  it.each([
    [{ email: false, portal: true }, 0, 1],
    [{ email: true, portal: false }, 1, 0],
    [{ email: false, portal: false }, 0, 0],
  ])('%j: %i mails and %i in the portal', async (channels, mails, shown) => {
    const top = await office.member();
    await choose(top, { kind: 'newPartner', ...channels }).expect(200);
    await office.member(top);
    expect(await lettersTo(top)).toHaveLength(mails);
    expect(await list(top)).toHaveLength(shown);
  });

  it('count when a mail is written, not when it was decided upon', async () => {
    const still = await bootApp({ worker: false });
    const quietOffice = await Office.open(still);
    try {
      const top = await quietOffice.member();
      await quietOffice.member(top);
      await choose(top, { kind: 'newPartner', email: false, portal: true }).expect(200);
      const [{ id }] = await still.owner.query(
        `select payload->>'subjectId' as id from partner_program.job where kind = 'letter'`,
      );
      const letters = still.nest.get(NotificationLetters, { strict: false });
      expect(await letters.write(id as string)).toBeNull();
      await choose(top, { kind: 'newPartner', email: true, portal: true }).expect(200);
      expect(await letters.write(id as string)).toMatchObject({ to: top.email });
      await still.owner.query(`update partner_program.partner set email_confirmed_at = null where id = $1`, [
        top.partnerId,
      ]);
      expect(await letters.write(id as string)).toBeNull();
    } finally {
      await still.close();
    }
  });
});

describe('unsubscribing by one click', () => {
  async function told(): Promise<{ top: Member; link: string }> {
    const top = await office.member();
    await office.member(top);
    const [letter] = await lettersTo(top);
    expect(letter!.headers).toEqual({
      'List-Unsubscribe': expect.stringMatching(/^<http.+\/notifications\/unsubscription\/[\w-]{43}>$/) as string,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(letter!.text).toContain(linkIn(letter!));
    return { top, link: linkIn(letter!) };
  }

  it('takes a POST without a session, as a mail program sends it, and ends the mails of that kind only', async () => {
    const { top, link } = await told();
    for (let times = 0; times < 2; times++) {
      await request(app.url).post(link).type('form').send('List-Unsubscribe=One-Click').expect(204);
    }
    await office.member(top);
    expect(await lettersTo(top)).toHaveLength(1);
    expect(await list(top)).toHaveLength(2);
    await till.adjust(top, 100_00).expect(201);
    await till.pay(await till.asked(top, 100_00)).expect(201);
    expect(await lettersTo(top)).toHaveLength(2);
  });

  it('asks a person first: a GET, however often, changes nothing', async () => {
    const { top, link } = await told();
    const page = await app.anonymous().get(link).set('Accept', 'text/html').expect(200);
    expect(page.text).toContain('Wypisz mnie');
    expect(page.headers).toMatchObject({ 'x-robots-tag': 'noindex', 'cache-control': 'no-store' });
    await app.anonymous().head(link).expect(200);
    await office.member(top);
    expect(await lettersTo(top)).toHaveLength(2);
    await app.anonymous().post(link).set('Accept', 'text/html').expect(303).expect('location', `${BASE}/unsubscribed`);
    await office.member(top);
    expect(await lettersTo(top)).toHaveLength(2);
  });

  it('[F60] keeps the secret of its link nowhere but in the mail, and takes no other', async () => {
    const { link } = await told();
    const secret = link.split('/').at(-1)!;
    const rows = await app.owner.query(
      `select from partner_program.unsubscribe_token t where t::text like '%' || $1 || '%'`,
      [secret],
    );
    expect(rows).toEqual([]);
    await app
      .anonymous()
      .post(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`)
      .expect(410);
    await app
      .anonymous()
      .get(`${BASE}/unsubscription/${randomBytes(32).toString('base64url')}`)
      .expect(410);
  });
});

it('[P6] whoever joins after new terms came, and before everybody was told, is not told of them', async () => {
  const early = await office.member();
  const [{ moment }] = await app.owner.query<[{ moment: Date }]>('select partner_program.now_ms() as moment');
  const late = await office.member();
  const terms = { kind: 'terms', about: `${office.termsVersionId} ${moment.toISOString()}` } as const;
  const notifications = app.nest.get(NotificationsService, { strict: false });
  await app.db.transaction((tx) => notifications.notifyAll(tx, terms, moment));
  expect(await lettersTo(early)).toHaveLength(1);
  expect(await list(late)).toEqual([]);
});

// Last, because nobody can join with the terms of the office any more.
it('[P6] everybody is told of new terms, once a publication', async () => {
  const [one, other] = [await office.member(), await office.member()];
  const { body } = await office.admin
    .post('/partner-program/terms')
    .field('title', 'Regulamin 2027')
    .attach('file', PDF, { filename: 'r.pdf', contentType: 'application/pdf' })
    .expect(201);
  const { versionId } = body as { versionId: string };
  for (const id of [versionId, versionId, office.termsVersionId]) {
    await office.admin.post(`/partner-program/terms/${id}/publication`).expect(201);
  }
  for (const partner of [one, other]) {
    const titles = ['Regulamin 2027', 'Regulamin'];
    const texts = titles.map((title) => `Nowy regulamin programu partnerskiego: ${title}`);
    expect((await lettersTo(partner)).map(({ subject }) => subject)).toEqual(texts);
    expect((await list(partner)).map(({ text }) => text)).toEqual([...texts].reverse());
    expect((await list(partner))[0]).toMatchObject({ kind: 'terms', href: '/partner-program' });
  }
});
