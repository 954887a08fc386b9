import { Host } from '../../../../modules/host';
import type { OutgoingMail } from '../../../../modules/host';
import { isFinal, oneLine, within } from '../../../../modules/platform/mail/delivery';
import { bootApp } from '../../../support/app';
import type { TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { Office } from '../../../support/program';
import type { Member } from '../../../support/program';

/** What a mail server says to one mail after the other; after the last word it takes everything. */
class MailServer {
  readonly asked: OutgoingMail[] = [];
  readonly taken: OutgoingMail[] = [];
  letGo: () => void = () => undefined;
  script: (Error | 'hang' | 'take' | 'take, then break off')[] = [];

  readonly send = async (mail: OutgoingMail): Promise<void> => {
    this.asked.push(mail);
    const answer = this.script.shift() ?? 'take';
    if (answer === 'hang') return new Promise((resolve) => (this.letGo = resolve));
    if (answer instanceof Error) throw answer;
    this.taken.push(mail);
    if (answer === 'take, then break off') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  };

  to(email: string) {
    return { asked: this.asked.filter(({ to }) => to === email), taken: this.taken.filter(({ to }) => to === email) };
  }
}

const smtp = (responseCode: number) => Object.assign(new Error(`SMTP ${responseCode}`), { responseCode });

let app: TestApp;
let office: Office;
let inviter: Member;
let server: MailServer;
let count = 0;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  inviter = await office.member(undefined, { mailbox: 'jan@firma.example' });
});
beforeEach(() => {
  server = new MailServer();
  app.nest.get(Host, { strict: false }).sendMail = server.send;
});
afterAll(() => app.close());

async function invite(): Promise<{ id: string; email: string }> {
  const email = `osoba${++count}@poczta.example`;
  const body = { firstName: 'Ola', lastName: 'Nowa', email, subject: 'Hej', body: 'Hej {{link}}' };
  const sent = await inviter.agent.post('/partner-program/invitations').send(body).expect(201);
  return { id: (sent.body as { id: string }).id, email };
}

/** Has mails that failed tried again now instead of in some seconds; one that is being sent is left alone. */
const hurry = ({ owner } = app) =>
  owner.query(
    `update partner_program.job set due_at = partner_program.now_ms()
      where kind = 'letter' and status = 'waiting' and last_error is not null
        and due_at < partner_program.now_ms() + interval '60 s'`,
  );

async function asked(email: string, times: number): Promise<void> {
  await eventually(
    async () => {
      if (server.to(email).asked.length >= times) return;
      await hurry();
      throw new Error(`Asked ${server.to(email).asked.length} times`);
    },
    { timeoutMs: 20_000 },
  );
}

const settled = () =>
  eventually(async () => {
    const waiting = await app.owner.query(
      `select 1 from partner_program.job where kind = 'letter' and status = 'waiting'`,
    );
    expect(waiting).toEqual([]);
  });

const statusOf = async (id: string) =>
  ((await inviter.agent.get(`/partner-program/invitations/${id}`).expect(200)).body as { status: string }).status;

describe('[F14] a mail server', () => {
  it('that says "later" is asked again with the same Message-ID, and gets one mail', async () => {
    server.script = [smtp(421), smtp(450)];
    const { id, email } = await invite();
    await asked(email, 1);
    await eventually(async () => expect(await statusOf(id)).toBe('bounced'));
    await asked(email, 3);
    await settled();
    const { asked: attempts, taken } = server.to(email);
    expect(taken).toHaveLength(1);
    expect(new Set(attempts.map((mail) => mail.id)).size).toBe(1);
    expect(await statusOf(id)).toBe('sent');
  });

  it('that says "never" is not asked again, and the inviter sees it', async () => {
    server.script = [smtp(550)];
    const { id, email } = await invite();
    await asked(email, 1);
    await settled();
    await hurry();
    expect(server.to(email)).toMatchObject({ asked: [{}], taken: [] });
    expect(await statusOf(id)).toBe('bounced');
    await inviter.agent.post(`/partner-program/invitations/${id}/resending`).expect(202);
    await asked(email, 2);
    await settled();
    expect(await statusOf(id)).toBe('sent');
    expect(server.to(email).taken).toHaveLength(1);
  });

  it('that takes a mail and breaks off is told the same Message-ID again; every link of it works', async () => {
    server.script = ['take, then break off'];
    const { email } = await invite();
    await asked(email, 2);
    await settled();
    const { taken } = server.to(email);
    expect(new Set(taken.map((mail) => mail.id)).size).toBe(1);
    for (const { text } of taken) {
      await app
        .anonymous()
        .get(/\/zaproszenie\/[\w-]{43}/.exec(text)![0])
        .expect(200);
    }
  });

  it('that does not answer keeps no request and no commission waiting', async () => {
    server.script = ['hang'];
    const { id } = await invite();
    expect(await statusOf(id)).toBe('sent');
    await eventually(() => expect(server.asked).toHaveLength(1));
    await office.levels(1_000);
    await office.status(await office.contract(inviter, 100_00), 'signed');
    await office.settled();
    expect(await office.available(inviter)).toEqual([10_00]);
    server.letGo();
    await settled();
    await expect(within(20, new Promise(() => undefined))).rejects.toThrow('20 ms');
  });
});

it('[P8] the program’s mailbox takes over from an own one that keeps failing, and the list says so', async () => {
  const own = await bootApp();
  try {
    const mails = new MailServer();
    mails.script = [smtp(451), smtp(451), smtp(451)];
    own.nest.get(Host, { strict: false }).sendMail = mails.send;
    const member = await (await Office.open(own)).member(undefined, { mailbox: 'jan@firma.example' });
    const body = { firstName: 'Ola', lastName: 'Nowa', email: 'a@b.example', subject: 'Hej', body: 'Hej' };
    const { body: sent } = await member.agent.post('/partner-program/invitations').send(body).expect(201);
    expect(sent).toMatchObject({ sentFrom: 'own' });
    await eventually(
      async () => {
        await hurry(own);
        expect(mails.taken).toHaveLength(1);
      },
      { timeoutMs: 20_000 },
    );
    expect(mails.asked.map(({ from }) => from)).toEqual([...Array<string>(3).fill('jan@firma.example'), null]);
    const list = await member.agent.get('/partner-program/invitations').expect(200);
    expect(list.body).toMatchObject({ data: [{ sentFrom: 'program' }] });
  } finally {
    await own.close();
  }
}, 60_000);

it('tells a last word from a passing one', () => {
  expect([550, 599, 500].map((code) => isFinal(smtp(code)))).toEqual([true, true, true]);
  for (const error of [smtp(421), smtp(250), smtp(600), new Error('x'), null, 'x', { responseCode: '550' }]) {
    expect(isFinal(error)).toBe(false);
  }
});

it('[F74] lets no text begin a header of its own', () => {
  expect(oneLine('Hej\r\nBcc: x@y.example\u2028a\0 ')).toBe('Hej Bcc: x@y.example a');
});
