import { addRecurringJobs } from '../../modules/platform/jobs/jobs.queries';
import { JobsService, type OutboundHandler, type JobHandler } from '../../modules/platform/jobs/jobs.service';
import { JobWorker } from '../../modules/platform/jobs/worker.service';
import { bootApp, type TestApp } from '../support/app';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { expectIntegrity } from '../support/oracle';
import { Office } from '../support/program';

/** Half of them in each of two processes. */
const WORKERS = 50;
const HOUR_SECONDS = 3_600;

let database: FreshDatabase;
let apps: [TestApp, TestApp];
let count = 0;

beforeAll(async () => {
  database = await freshDatabase();
  apps = [await bootApp({ database, worker: false }), await bootApp({ database, worker: false })];
  await apps[0].owner.query('create table public.turn (kind text not null, at timestamptz not null default now())');
  await apps[0].owner.query('grant insert on public.turn to public');
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await database.drop();
});

/** What many workers in two processes do of these kinds when all look at once. */
async function allAtOnce(handlersOf: (app: TestApp) => readonly (JobHandler | OutboundHandler)[]): Promise<void> {
  await Promise.all(
    Array.from({ length: WORKERS }, (_, n) => {
      const app = apps[n % 2]!;
      return app.nest.get(JobWorker).drain(handlersOf(app));
    }),
  );
}

/** A standing job that writes its turns down, in its transaction or, as an outbound job, beside it. */
function standing(form: 'work' | 'errand'): (app: TestApp) => readonly (JobHandler | OutboundHandler)[] {
  const kind = `${form}-${++count}`;
  const sql = 'insert into public.turn (kind) values ($1)';
  const handlers = new Map<TestApp, JobHandler | OutboundHandler>();
  for (const app of apps) {
    const of = { kind, everySeconds: HOUR_SECONDS };
    handlers.set(
      app,
      form === 'work'
        ? { ...of, batchSize: 10, run: async (tx) => void (await tx.query(sql, [kind])) }
        : { ...of, perform: async () => void (await app.db.query(sql, [kind])) },
    );
    app.nest.get(JobsService).register(handlers.get(app)!);
  }
  return (app) => [handlers.get(app)!];
}

const kindOf = (handlersOf: ReturnType<typeof standing>) => handlersOf(apps[0])[0]!.kind;
const stand = (kind: string) =>
  Promise.all(apps.map(({ db }) => addRecurringJobs(db.manager, new Map([[kind, HOUR_SECONDS]]))));
const put = (kind: string, ago: string) =>
  apps[0].owner.query(`update partner_program.job set due_at = now() - $2::interval where kind = $1`, [kind, ago]);
const turns = async (kind: string): Promise<number> => {
  const [row] = await apps[0].owner.query<{ n: number }[]>(
    'select count(*)::int as n from public.turn where kind = $1',
    [kind],
  );
  return row!.n;
};

describe('[F17] a standing job', () => {
  it.each(['work', 'errand'] as const)(
    'has one turn in a period, however many look for it at once: %s',
    async (form) => {
      const handlersOf = standing(form);
      const kind = kindOf(handlersOf);
      await Promise.all([stand(kind), stand(kind), stand(kind)]);
      await allAtOnce(handlersOf);
      expect(await turns(kind)).toBe(1);
      await allAtOnce(handlersOf);
      expect(await turns(kind)).toBe(1);
      await put(kind, '1 ms');
      await allAtOnce(handlersOf);
      expect(await turns(kind)).toBe(2);
    },
  );

  it.each(['work', 'errand'] as const)(
    'that was missed is done once, and then in its period again: %s',
    async (form) => {
      const handlersOf = standing(form);
      const kind = kindOf(handlersOf);
      await stand(kind);
      await put(kind, '3 days');
      await allAtOnce(handlersOf);
      expect(await turns(kind)).toBe(1);
      const [job] = await apps[0].owner.query(
        `select count(*)::int as jobs, min(due_at) between now() + interval '59 min' and now() + interval '61 min' as ahead
         from partner_program.job where kind = $1`,
        [kind],
      );
      expect(job).toEqual({ jobs: 1, ahead: true });
    },
  );

  it('[L3] of ours does in one turn what it did not do for a day: the books are sealed without a gap or a fork', async () => {
    const [app] = apps;
    const office = await Office.open(app);
    await office.levels(1000);
    const seller = await office.member();
    for (let n = 0; n < 5; n++) await office.status(await office.contract(seller, 100_00), 'signed');
    const ours = (at: TestApp) => at.nest.get(JobsService).handlers.filter(({ kind }) => !/^(work|errand)-/.test(kind));
    await addRecurringJobs(
      app.db.manager,
      new Map(ours(app).flatMap((h) => (h.everySeconds ? [[h.kind, h.everySeconds]] : []))),
    );
    await app.owner.query(`update partner_program.job set due_at = now() - interval '1 day' where status = 'waiting'`);
    await allAtOnce(ours);
    expect(await office.available(seller)).toEqual([50_00]);
    await app.owner.query(`update partner_program.job set due_at = now() where kind = 'seal'`);
    await allAtOnce(ours);
    const [seals] = await app.owner.query(
      `select (select count(*) from partner_program.transaction)
            - (select sum(cardinality(transaction_ids)) from partner_program.seal) as unsealed`,
    );
    expect(Number(seals.unsealed)).toBe(0);
    await expectIntegrity(app.owner);
  });
});
