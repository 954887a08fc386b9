import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CookieAccessInfo } from 'cookiejar';
import { SMTPServer } from 'smtp-server';
import { bootApp, type Agent, type TestApp } from '../support/app';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { Build, ProgramProcess } from '../support/processes';
import { Office, type Member } from '../support/program';
import { RedisServer, redisInstalled } from '../support/redis';

/** How often a worker is killed; a night may take more. */
const KILLS = Number(process.env.KILLS ?? 12);
/** Many processes on a small machine. */
const PATIENCE_MS = 120_000;
/** The secret of the test's application, so that its sessions are those of all processes. */
const SESSION_SECRET = 'the tests need no better secret than this';

if (!redisInstalled) process.stderr.write('\nprocesses.test.ts: there is no redis-server here; PostgreSQL rings.\n\n');

let build: Build;
let redis: RedisServer | undefined;
let database: FreshDatabase;
/** Answers the test's own questions and works on nothing. */
let app: TestApp;
let office: Office;
let director: Member;
let sellers: Member[];
const running: ProgramProcess[] = [];

beforeAll(async () => {
  build = Build.made();
  redis = redisInstalled ? await RedisServer.start() : undefined;
  database = await freshDatabase();
  app = await bootApp({ database, worker: false });
  await app.owner.query(`insert into crm.seed (name) values ('demo')`);
  office = await Office.open(app);
  await office.levels(1000, 500);
  director = await office.member();
  sellers = [];
  for (let n = 0; n < 4; n++) sellers.push(await office.member(director));
}, 120_000);
afterEach(async () => {
  await working?.stop(); // where the test ended early
  for (const one of running.splice(0)) await one.kill();
});
afterAll(async () => {
  await app.close();
  await database.drop();
  await redis?.kill();
  smtpServer?.close();
});

async function start(env: Record<string, string> = {}): Promise<ProgramProcess> {
  const settings = {
    DATABASE_URL: database.url,
    REDIS_URL: redis?.url,
    SESSION_SECRET,
    DATABASE_POOL_WAIT_MS: '60000',
  };
  const started = await ProgramProcess.spawn(build, { ...settings, ...env });
  running.push(started);
  return started;
}

const cookieOf = (agent: Agent): string =>
  agent.jar.getCookies(new CookieAccessInfo('127.0.0.1', '/', false, false)).toValueString();

/** Fewer than one person may invite a day. */
const MOST_INVITATIONS = 10;

/** What was answered with success, and what was not. */
interface Ledger {
  readonly contracts: string[];
  readonly withdrawals: string[];
  readonly invited: string[];
  readonly failures: string[];
}

/** People at work, each over connections to whichever web process takes requests at the moment. */
class Load {
  readonly acknowledged: Ledger = { contracts: [], withdrawals: [], invited: [], failures: [] };
  /** Answers that ended their connection. */
  last = 0;
  private over = false;
  private count = 0;
  private readonly people: Promise<void>[];

  constructor(readonly webs: ProgramProcess[]) {
    const admin = cookieOf(office.admin);
    this.people = [
      this.repeat(() => this.sign(admin)),
      this.repeat(() => this.sign(admin)),
      ...sellers.map((seller) => this.repeat(() => this.withdraw(cookieOf(seller.agent)))),
      this.repeat(() => this.invite(cookieOf(director.agent))),
    ];
  }

  async stop(): Promise<Ledger> {
    this.over = true;
    await Promise.all(this.people);
    return this.acknowledged;
  }

  private async repeat(work: () => Promise<void>): Promise<void> {
    while (!this.over) {
      await work().catch((error: Error) => this.acknowledged.failures.push(error.message));
      await sleep(100 + Math.random() * 300); // processes that start need the machine, too
    }
  }

  private async post(path: string, body: object, cookie: string, key?: string): Promise<{ id: string }> {
    const web = this.webs[this.count++ % this.webs.length]!;
    const reply = await web.send('POST', path, { cookie, body, key });
    if (reply.last) this.last++;
    if (reply.status >= 300) throw new Error(`${path} ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body as { id: string };
  }

  private async sign(cookie: string): Promise<void> {
    const seller = sellers[this.count % sellers.length]!;
    const contract = { number: `P/${process.hrtime.bigint()}`, sellerId: seller.id, clientId, valueMinor: 100_00 };
    const { id } = await this.post('/crm/contracts', { ...contract, currency: 'PLN' }, cookie);
    await this.post(`/crm/contracts/${id}/status`, { status: 'signed' }, cookie);
    this.acknowledged.contracts.push(id);
  }

  private async withdraw(cookie: string): Promise<void> {
    const body = { amountMinor: 10_00, currency: 'PLN' };
    const { id } = await this.post('/partner-program/withdrawals', body, cookie, `k${process.hrtime.bigint()}`);
    this.acknowledged.withdrawals.push(id);
    await this.post(`/partner-program/withdrawals/${id}/cancellation`, {}, cookie);
  }

  private async invite(cookie: string): Promise<void> {
    if (this.acknowledged.invited.length === MOST_INVITATIONS) return void (await sleep(200));
    const email = `p${process.hrtime.bigint()}@poczta.example`;
    const letter = { firstName: 'Ola', lastName: 'Nowa', subject: 'Hej', body: 'Hej {{link}}' };
    await this.post('/partner-program/invitations', { ...letter, email }, cookie);
    this.acknowledged.invited.push(email);
  }
}

let clientId: string;
let working: Load | undefined;
let smtpServer: SMTPServer | undefined;

/** Waits until nothing is left to do; what a killed worker had taken is given back now instead of in some minutes. */
async function settled(): Promise<void> {
  await eventually(
    async () => {
      const waiting = await app.owner.query<unknown[]>(
        `select kind, status, attempts, last_error from partner_program.job
          where status <> 'done' and key not like 'recurring:%'`,
      );
      if (waiting.length === 0) return;
      await app.owner.query(
        `update partner_program.job set due_at = partner_program.now_ms()
          where status = 'waiting' and key not like 'recurring:%' and due_at > partner_program.now_ms()`,
      );
      throw new Error(`Not done: ${JSON.stringify(waiting)}`);
    },
    { timeoutMs: PATIENCE_MS },
  );
}

/** Everything acknowledged happened, once. */
async function expectOnce({ contracts, withdrawals, invited }: Ledger): Promise<void> {
  const paid = await app.owner.query<{ id: string; amounts: number[] }[]>(
    `select e.contract_id as id, array_agg(e.amount_minor::int order by e.level) as amounts
       from partner_program.entry e join partner_program.account a on a.id = e.account_id
      where a.holder_kind = 'partner' and e.contract_id is not null group by 1`,
  );
  const byContract = new Map(paid.map(({ id, amounts }) => [id, amounts]));
  for (const id of contracts) expect([id, byContract.get(id)]).toEqual([id, [10_00, 5_00]]);
  const holds = await app.owner.query<{ key: string }[]>(
    `select key from partner_program.transaction where kind in ('hold', 'holdReturn')`,
  );
  for (const id of withdrawals) {
    expect([id, holds.filter(({ key }) => key.startsWith(`withdrawal:${id}:`)).length]).toEqual([id, 2]);
  }
  const mails = await app.owner.query<{ to: string; count: number }[]>(
    'select "to", count(*)::int as count from crm.mail group by 1',
  );
  const sent = new Map(mails.map(({ to, count }) => [to, count]));
  for (const email of invited) expect([email, sent.get(email)]).toEqual([email, 1]);
}

describe('two web and two worker processes over one database', () => {
  it('[F9] [F18] do everything once while workers are killed and a web process is stopped under load', async () => {
    clientId = ((await office.admin.post('/crm/clients').send({ name: 'Klient' }).expect(201)).body as { id: string })
      .id;
    for (const seller of sellers) {
      const body = { amountMinor: 1_000_00, currency: 'PLN', reason: 'Something to withdraw' };
      await office.admin.post(`/partner-program/partners/${seller.partnerId}/adjustments`).send(body).expect(201);
    }
    const webs = [
      await start({ WORKER: 'false', SHUTDOWN_DELAY_SECONDS: '3' }),
      await start({ WORKER: 'false', SHUTDOWN_DELAY_SECONDS: '3' }),
    ];
    const workers = [await start(), await start()];
    await Promise.all([...webs, ...workers].map((one) => one.ready()));
    const load = (working = new Load([...webs]));

    for (let kill = 0; kill < KILLS; kill++) {
      const worker = await workers[kill % 2]!.ready();
      await sleep(Math.random() * 300);
      await worker.kill();
      workers[kill % 2] = await start();
    }

    // A balancer looks at the health; the process goes on answering until it has looked.
    const [stopped] = webs;
    stopped!.signal('SIGTERM');
    while (await stopped!.isReady()) await sleep(50);
    await sleep(1_000); // until the balancer has seen it, requests still come
    load.webs.shift();
    expect(await stopped!.ended()).toBe(0);

    const acknowledged = await load.stop();
    expect(acknowledged.failures).toEqual([]);
    expect(load.last).toBeGreaterThan(0);
    for (const many of [acknowledged.contracts, acknowledged.withdrawals]) expect(many.length).toBeGreaterThan(KILLS);
    await Promise.all(workers.map((one) => one.ready()));
    await settled();
    await expectOnce(acknowledged);
    const quits = workers.map((one) => (one.signal('SIGTERM'), one.ended()));
    expect(await Promise.all(quits)).toEqual([0, 0]);
  }, 600_000);

  it('[F10] a worker that stood still beyond its lease does not complete what another has done', async () => {
    const asked: (() => void)[] = [];
    const server = (smtpServer = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _, done) => void stream.resume().on('end', () => asked.push(() => done())),
    }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const smtp = { SMTP_URL: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` };
    const invite = async (email: string) => {
      const letter = { firstName: 'Ola', lastName: 'Nowa', email, subject: 'Hej', body: 'Hej {{link}}' };
      await sellers[0]!.agent.post('/partner-program/invitations').send(letter).expect(201);
    };
    const letters = () =>
      app.owner.query<{ status: string; finished_at: Date | null; due_at: Date }[]>(
        `select status, finished_at, due_at from partner_program.job where kind = 'letter' and id > $1 order by id`,
        [before],
      );
    // What nobody has sent so far is not what this is about.
    await app.owner.query(`delete from partner_program.job where kind = 'letter' and status = 'waiting'`);
    const [{ before }] = await app.owner.query<[{ before: string }]>(
      'select coalesce(max(id), 0) as before from partner_program.job',
    );
    const other = await (await start(smtp)).ready();
    other.signal('SIGSTOP'); // stands by, so that the letter is the first one's
    const slow = await (await start(smtp)).ready();
    await invite('pierwszy@poczta.example');
    await eventually(() => expect(asked).toHaveLength(1), { timeoutMs: PATIENCE_MS });
    slow.signal('SIGSTOP'); // as a blocked event loop
    await app.owner.query(`update partner_program.job set due_at = now() where kind = 'letter' and status = 'waiting'`);
    other.signal('SIGCONT');
    await eventually(() => expect(asked).toHaveLength(2), { timeoutMs: PATIENCE_MS });

    // The one that stood still hears of success first, while the other is still at it.
    asked[0]!();
    slow.signal('SIGCONT');
    other.signal('SIGSTOP');
    await invite('drugi@poczta.example'); // errands are done one after the other
    await eventually(() => expect(asked).toHaveLength(3), { timeoutMs: PATIENCE_MS });
    expect((await letters())[0]).toMatchObject({ status: 'waiting', finished_at: null });
  }, 300_000);
});
