import { JobWorker } from '../../modules/platform/jobs/worker.service';
import { bootApp, type Agent, type TestApp } from '../support/app';
import { CutProxy, type CutMode } from '../support/cut-proxy';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { expectIntegrity } from '../support/oracle';
import { Office, type Member } from '../support/program';

let database: FreshDatabase;
let proxy: CutProxy;
let app: TestApp;
let office: Office;
let director: Member;
let seller: Member;

beforeAll(async () => {
  database = await freshDatabase();
  proxy = await CutProxy.to(database.url);
  app = await bootApp({ database, databaseUrl: proxy.url, worker: false });
  app.nest.useLogger(false); // connections are lost on purpose
  office = await Office.open(app);
  await office.levels(1000, 500);
  director = await office.member();
  seller = await office.member(director);
});
afterAll(async () => {
  await app.close();
  await proxy.close();
  await database.drop();
});

/** Something that must have one effect, however often it is begun and wherever it breaks off. */
interface Operation {
  /** Brings about the state before; answers what `run` and `check` need. */
  prepare(): Promise<string>;
  run(subject: string): Promise<unknown>;
  /** @throws unless there was exactly one effect */
  check(subject: string): Promise<void>;
}

/** Cuts the line at every question that the operation asks, one after the other, and repeats it after each cut. */
async function cutEverywhere(operation: Operation, mode: CutMode): Promise<number> {
  for (let cutAt = 1; ; cutAt++) {
    const subject = await operation.prepare();
    proxy.arm(cutAt, mode);
    await operation.run(subject).catch(() => undefined);
    const fired = proxy.disarm();
    await operation.run(subject);
    await operation.check(subject);
    if (fired) continue;
    await expectIntegrity(app.owner);
    return cutAt - 1;
  }
}

/** Does every waiting job, also those put off after a failure. */
async function drain(): Promise<void> {
  await app.owner.query(
    `update partner_program.job set due_at = now() where status = 'waiting' and key not like 'recurring:%'`,
  );
  await app.nest.get(JobWorker).drain();
}

async function contract(...statuses: string[]): Promise<string> {
  const id = await office.contract(seller, 100_00);
  for (const status of statuses) await office.status(id, status);
  return id;
}

/** What the ledger holds of a contract, by account kind, in order. */
function postings(contractId: string): Promise<{ key: string; account: string; minor: number }[]> {
  return app.owner.query(
    `select t.key, a.kind as account, e.amount_minor::int as minor
       from partner_program.transaction t join partner_program.entry e on e.transaction_id = t.id
       join partner_program.account a on a.id = e.account_id
      where e.contract_id = $1 and a.holder_kind = 'partner' order by t.id, e.line`,
    [contractId],
  );
}

const MODES: CutMode[] = ['before', 'after'];

describe.each(MODES)('a connection that is lost %s the server has understood', (mode) => {
  it('[F1] [F2] [F28] leaves one change of a contract and one job for it', async () => {
    const cuts = await cutEverywhere(
      {
        prepare: () => contract(),
        run: async (id) => {
          await office.admin.post(`/crm/contracts/${id}/status`).send({ status: 'signed' }).expect(200);
        },
        check: async (id) => {
          const rows = await app.owner.query(
            `select c.status, c.version, (select count(*)::int from crm.contract_change where contract_id = c.id) as changes,
                    array(select key from partner_program.job where payload ->> 'contractId' = $1 order by key) as jobs
               from crm.contract c where id = $1::uuid`,
            [id],
          );
          expect(rows).toEqual([
            { status: 'signed', version: 2, changes: 2, jobs: [`contract:${id}:1`, `contract:${id}:2`] },
          ]);
        },
      },
      mode,
    );
    expect(cuts).toBeGreaterThan(5);
  }, 120_000);

  it('[F1] [F2] leaves one commission', async () => {
    const cuts = await cutEverywhere(
      {
        prepare: () => contract('signed'),
        run: drain,
        check: async (id) => {
          const key = `contract:${id}:2`;
          expect(await postings(id)).toEqual([
            { key, account: 'available', minor: 10_00 },
            { key, account: 'available', minor: 5_00 },
          ]);
        },
      },
      mode,
    );
    expect(cuts).toBeGreaterThan(10);
  }, 120_000);

  it('[F1] [F2] leaves one reversal', async () => {
    const cuts = await cutEverywhere(
      {
        prepare: async () => {
          const id = await contract('signed');
          await drain();
          await office.status(id, 'cancelled');
          return id;
        },
        run: drain,
        check: async (id) => {
          expect((await postings(id)).map(({ minor }) => minor)).toEqual([10_00, 5_00, -10_00, -5_00]);
        },
      },
      mode,
    );
    expect(cuts).toBeGreaterThan(10);
  }, 120_000);
});

describe.each(MODES)('with a holding period, a connection that is lost %s the server has understood', (mode) => {
  it('[F1] [F2] [Q8] leaves one release', async () => {
    await office.plan({
      kind: 'levels',
      levels: [{ level: 0, rateBps: 1000 }],
      holdingDays: 1,
      conditions: { products: ['held'] },
    });
    const cuts = await cutEverywhere(
      {
        prepare: async () => {
          const id = await office.contract(seller, 100_00, { product: 'held' });
          await office.status(id, 'signed');
          await app.nest.get(JobWorker).drain();
          expect(await postings(id)).toMatchObject([{ account: 'maturing', minor: 10_00 }]);
          return id;
        },
        run: drain,
        check: async (id) => {
          expect(await postings(id)).toMatchObject([
            { account: 'maturing', minor: 10_00 },
            { key: `release:${id}:2`, account: 'maturing', minor: -10_00 },
            { key: `release:${id}:2`, account: 'available', minor: 10_00 },
          ]);
        },
      },
      mode,
    );
    expect(cuts).toBeGreaterThan(5);
  }, 120_000);
});

describe.each(MODES)('money by request: a connection that is lost %s the server has understood', (mode) => {
  let keys = 0;

  const post = async (agent: Agent, path: string, key: string, body: object = {}): Promise<void> => {
    await agent.post(`/partner-program/${path}`).set('Idempotency-Key', key).send(body).expect(201);
  };

  /** Kinds and amounts of what was posted for a subject, a withdrawal or the reason of a correction. */
  const posted = (like: string): Promise<{ kind: string; minor: number }[]> =>
    app.owner.query(
      `select t.kind, max(e.amount_minor)::int as minor
         from partner_program.transaction t join partner_program.entry e on e.transaction_id = t.id
        where t.key like $1 or t.reason = $1 group by t.id order by t.id`,
      [like],
    );

  const withdrawals = (): Promise<{ id: string; status: string }[]> =>
    app.owner.query(
      'select id, status from partner_program.withdrawal where partner_id = $1 order by requested_at, id',
      [seller.partnerId],
    );

  const asked = { amountMinor: 50_00, currency: 'PLN' };

  async function withdrawal(): Promise<string> {
    await post(seller.agent, 'withdrawals', `key-${++keys}-${mode}`, asked);
    return (await withdrawals()).at(-1)!.id;
  }

  beforeAll(async () => {
    const adjusted = { amountMinor: 90_000_00, currency: 'PLN', reason: 'Money for what follows' };
    await post(office.admin, `partners/${seller.partnerId}/adjustments`, `start-${mode}`, adjusted);
  });

  it('[F1] [F2] [P14] leaves one correction', async () => {
    const cuts = await cutEverywhere(
      {
        prepare: async () => `Correction number ${++keys} ${mode}`,
        run: (reason) =>
          post(office.admin, `partners/${seller.partnerId}/adjustments`, reason, {
            amountMinor: 7,
            currency: 'PLN',
            reason,
          }),
        check: async (reason) => expect(await posted(reason)).toEqual([{ kind: 'adjustment', minor: 7 }]),
      },
      mode,
    );
    expect(cuts).toBeGreaterThan(5);
  }, 120_000);

  it('[F1] [F2] [P16] leaves one request for a withdrawal', async () => {
    const cuts = await cutEverywhere(
      {
        prepare: async () => {
          for (const { id, status } of await withdrawals()) {
            if (status === 'pending')
              await post(seller.agent, `withdrawals/${id}/cancellation`, `key-${++keys}-${mode}`);
          }
          return `${++keys} ${mode} ${(await withdrawals()).length}`;
        },
        run: (key) => post(seller.agent, 'withdrawals', key, asked),
        check: async (key) => {
          const all = await withdrawals();
          expect(all).toHaveLength(Number(key.split(' ')[2]) + 1);
          expect(await posted(`withdrawal:${all.at(-1)!.id}:%`)).toEqual([{ kind: 'hold', minor: 50_00 }]);
        },
      },
      mode,
    );
    expect(cuts).toBeGreaterThan(5);
    const [open] = (await withdrawals()).filter(({ status }) => status === 'pending');
    await post(seller.agent, `withdrawals/${open!.id}/cancellation`, `key-${++keys}-${mode}`);
  }, 120_000);

  it.each([
    ['cancellation', 'cancelled', 'holdReturn', {}],
    ['payout', 'paid', 'payout', { reference: 'transfer 1' }],
    ['rejection', 'rejected', 'holdReturn', { reason: 'The account is not known' }],
  ] as const)(
    '[F1] [F2] [P17] leaves one %s',
    async (step, status, kind, body) => {
      const cuts = await cutEverywhere(
        {
          prepare: withdrawal,
          run: (id) =>
            post(
              step === 'cancellation' ? seller.agent : office.admin,
              `withdrawals/${id}/${step}`,
              `${step} ${id}`,
              body,
            ),
          check: async (id) => {
            expect((await withdrawals()).find((one) => one.id === id)).toEqual({ id, status });
            expect(await posted(`withdrawal:${id}:%`)).toEqual([
              { kind: 'hold', minor: 50_00 },
              { kind, minor: 50_00 },
            ]);
          },
        },
        mode,
      );
      expect(cuts).toBeGreaterThan(5);
    },
    120_000,
  );
});
