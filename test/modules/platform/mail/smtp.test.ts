import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { bootApp } from '../../../support/app';
import type { TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { Office } from '../../../support/program';
import type { Member } from '../../../support/program';

/** What goes wrong with every conversation that begins now. */
type Fault = 'busy' | 'silent' | 'greylist' | 'noMailbox' | 'hangAfterData' | 'takeThenBreakOff';

interface Conversation {
  readonly fault: Fault | undefined;
  readonly messageId?: string;
  /** Whether the server keeps the mail, whatever it then says. */
  readonly accepted: boolean;
}

const no = (responseCode: number) => Object.assign(new Error(`Scripted ${responseCode}`), { responseCode });

/** A mail server that speaks SMTP and has a fault, until it has none. */
class FaultyServer {
  readonly conversations: Conversation[] = [];
  fault: Fault | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly faults = new Map<string, Fault | undefined>();

  private readonly server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    onConnect: ({ id }, done) => {
      const { fault } = this;
      this.faults.set(id, fault);
      if (fault === 'busy' || fault === 'silent') this.conversations.push({ fault, accepted: false });
      if (fault !== 'silent') done(fault === 'busy' ? no(421) : null);
    },
    onRcptTo: (_, { id }, done) => {
      const fault = this.faults.get(id);
      const refused = fault === 'greylist' ? no(450) : fault === 'noMailbox' ? no(550) : null;
      if (refused) this.conversations.push({ fault, accepted: false });
      done(refused);
    },
    onData: (stream, { id }, done) => {
      void text(stream).then((mail) => {
        const fault = this.faults.get(id);
        const messageId = /^Message-ID: (.+)\r$/im.exec(mail)?.[1];
        this.conversations.push({ fault, messageId, accepted: fault !== 'hangAfterData' });
        if (fault === 'takeThenBreakOff') for (const socket of this.sockets) socket.destroy();
        else if (fault !== 'hangAfterData') done();
      });
    },
  });

  get accepted(): Conversation[] {
    return this.conversations.filter(({ accepted }) => accepted);
  }

  async listen(): Promise<number> {
    this.server.on('error', () => undefined); // the other end of a broken conversation
    this.server.server.on('connection', (socket: Socket) => this.sockets.add(socket));
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.server.address() as { port: number }).port;
  }

  begin(fault: Fault): void {
    this.conversations.length = 0;
    this.fault = fault;
  }

  recover(): void {
    this.fault = undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}

const server = new FaultyServer();
let app: TestApp;
let inviter: Member;
let count = 0;

beforeAll(async () => {
  const port = await server.listen();
  // The reference CRM's own patience, in short: what hangs is let go of after half a second.
  const smtpUrl = `smtp://127.0.0.1:${port}?ignoreTLS=true&greetingTimeout=500&socketTimeout=500`;
  app = await bootApp({ smtpUrl });
  inviter = await (await Office.open(app)).member();
  // What the set-up has to tell is mailed before anything goes wrong.
  await eventually(async () => {
    const kinds = ['letter', 'mail', 'notifyAll'];
    const sql = `select key from partner_program.job where status = 'waiting' and kind = any($1)`;
    expect(await app.owner.query(sql, [kinds])).toEqual([]);
  });
});
afterAll(async () => {
  await app.close();
  await server.close();
});

const statusOf = async (id: string) =>
  ((await inviter.agent.get(`/partner-program/invitations/${id}`).expect(200)).body as { status: string }).status;

async function invite(): Promise<string> {
  const email = `osoba${++count}@poczta.example`;
  const body = { firstName: 'Ola', lastName: 'Nowa', email, subject: 'Hej', body: 'Hej {{link}}' };
  const sent = await inviter.agent.post('/partner-program/invitations').send(body).expect(201);
  return (sent.body as { id: string }).id;
}

/** The job of the invitation's mail; one that failed is tried again now instead of in some seconds. */
async function letter(id: string): Promise<{ status: string; attempts: number }> {
  const where = `kind = 'letter' and payload->>'subjectId' = '${id}'`;
  await app.owner.query(
    `update partner_program.job set due_at = partner_program.now_ms()
      where ${where} and status = 'waiting' and last_error is not null and due_at < now() + interval '60 s'`,
  );
  const [job] = await app.owner.query(`select status, attempts from partner_program.job where ${where}`);
  return job as { status: string; attempts: number };
}

const failed = (id: string) =>
  eventually(async () => expect((await letter(id)).attempts).toBeGreaterThan(0), { timeoutMs: 20_000 });
const finished = (id: string) =>
  eventually(async () => expect((await letter(id)).status).toBe('done'), { timeoutMs: 20_000 });

describe('[F14] over real SMTP', () => {
  it.each([
    ['421 at the door', 'busy'],
    ['450 for the receiver', 'greylist'],
    ['no banner', 'silent'],
    ['nothing after DATA', 'hangAfterData'],
  ] as const)('%s: the invitation shows it, and one mail comes once that is over', async (_, fault) => {
    server.begin(fault);
    const id = await invite();
    await failed(id);
    expect(await statusOf(id)).toBe('bounced');
    expect(server.accepted).toEqual([]);
    server.recover();
    await finished(id);
    expect(server.accepted).toHaveLength(1);
    expect(await statusOf(id)).toBe('sent');
  });

  it('550 is its last word: nothing more is sent, and the inviter sees it', async () => {
    server.begin('noMailbox');
    const id = await invite();
    await finished(id);
    expect(server.conversations).toEqual([{ fault: 'noMailbox', accepted: false }]);
    expect(await statusOf(id)).toBe('bounced');
  });

  it('a mail taken without a word is sent again under the same Message-ID, one a conversation', async () => {
    server.begin('takeThenBreakOff');
    const id = await invite();
    await failed(id);
    server.recover();
    await finished(id);
    expect(server.accepted.length).toBeGreaterThan(1);
    expect(server.accepted).toHaveLength(server.conversations.length);
    const [messageId, ...others] = new Set(server.accepted.map((mail) => mail.messageId));
    expect(messageId).toMatch(/^<.+@127\.0\.0\.1>$/);
    expect(others).toEqual([]);
  });

  it('no request waits for a server that says nothing', async () => {
    server.begin('silent');
    const id = await invite();
    await inviter.agent.get(`/partner-program/invitations/${id}`).expect(200);
    expect(server.accepted).toEqual([]);
    server.recover();
    await finished(id);
  });
});
