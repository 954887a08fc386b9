import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { JobsService, type OutboundHandler, type JobHandler } from '../../../../modules/platform/jobs/jobs.service';
import { JobWorker } from '../../../../modules/platform/jobs/worker.service';
import { CrmHost } from '../../../../src/crm/crm-host';
import { bootApp, type TestApp } from '../../../support/app';
import { freshDatabase } from '../../../support/database';
import { eventually } from '../../../support/eventually';
import { Office } from '../../../support/program';

let app: TestApp;
let count = 0;

beforeAll(async () => {
  app = await bootApp();
  app.nest.useLogger(false); // jobs fail here on purpose
});
afterAll(() => app.close());

function register(handler: Partial<JobHandler> | Partial<OutboundHandler>, at: TestApp = app): string {
  const kind = `test-${++count}`;
  at.nest.get(JobsService).register({ kind, batchSize: 10, ...handler } as JobHandler);
  return kind;
}

const add = (kind: string, keys: string[], dueAt?: Date) =>
  app.db.transaction((tx) =>
    app.nest.get(JobsService).add(tx, ...keys.map((key) => ({ key: `${kind}:${key}`, kind, payload: {}, dueAt }))),
  );

const jobs = (kind: string): Promise<{ key: string; status: string; attempts: number; last_error: string | null }[]> =>
  app.owner.query('select key, status, attempts, last_error from partner_program.job where kind = $1 order by id', [
    kind,
  ]);

/** Makes waiting jobs due now, and rings. */
const hurry = (kind: string) =>
  app.owner.query(
    `with due as (update partner_program.job set due_at = now() where kind = $1 and status = 'waiting' returning id)
     select pg_notify('partner_program_jobs', '') from due`,
    [kind],
  );

const statuses = async (kind: string) => (await jobs(kind)).map(({ status }) => status);

describe('jobs', () => {
  it('are done once, in batches, in the transaction of their effects', async () => {
    const sizes: number[] = [];
    const kind = register({ run: async (_, batch) => void sizes.push(batch.length) });
    await add(
      kind,
      Array.from({ length: 25 }, (_, index) => String(index)),
    );
    await eventually(async () => expect(new Set(await statuses(kind))).toEqual(new Set(['done'])));
    expect(sizes).toEqual([10, 10, 5]);
  });

  it('are repeated one by one when a batch fails, so that a bad one stops nobody', async () => {
    const kind = register({
      run: async (_, batch) => {
        if (batch.some(({ key }) => key.endsWith(':bad'))) throw new TypeError('cannot be done');
      },
    });
    await add(kind, ['a', 'bad', 'c']);
    await eventually(async () => expect(await statuses(kind)).toEqual(['done', 'waiting', 'done']));
    for (let attempt = 1; attempt < 8; attempt++) {
      await eventually(async () => expect((await jobs(kind))[1]).toMatchObject({ attempts: attempt }));
      await hurry(kind);
    }
    await eventually(async () => expect((await jobs(kind))[1]).toMatchObject({ status: 'dead', attempts: 8 }));
    expect((await jobs(kind))[1]!.last_error).toContain('cannot be done');
  });

  it.each(['40001', '40P01', '55P03'])('[F21] are repeated after %s without coming nearer to death', async (code) => {
    let failures = 0;
    const kind = register({
      run: async (tx) => {
        if (++failures <= 12) await tx.query(`do $$ begin raise sqlstate '${code}'; end $$`);
      },
    });
    await add(kind, ['only']);
    await eventually(
      async () => {
        await hurry(kind);
        expect(await jobs(kind)).toMatchObject([{ status: 'done', attempts: 0 }]);
      },
      { timeoutMs: 20_000 },
    );
    expect(failures).toBe(13);
  });

  it('[F21] [F4] are repeated after their connection was killed', async () => {
    let runs = 0;
    const kind = register({
      run: async (tx) => {
        if (++runs > 2) return;
        const [backend] = await tx.query<{ pid: number }[]>('select pg_backend_pid() as pid');
        await app.owner.query('select pg_terminate_backend($1)', [backend!.pid]);
        await tx.query('select 1');
      },
    });
    await add(kind, ['only']);
    await eventually(async () => expect(await jobs(kind)).toMatchObject([{ status: 'done', attempts: 0 }]));
    expect(runs).toBe(3);
  });

  it('stand for ever where they have a period, whatever happens to them', async () => {
    let runs = 0;
    const kind = register({
      everySeconds: 3600,
      run: async () => {
        if (++runs < 12) throw new TypeError('not today');
      },
    });
    await add(kind, ['standing']);
    await eventually(async () => {
      await hurry(kind);
      expect(runs).toBeGreaterThan(12);
    });
    expect(await jobs(kind)).toMatchObject([{ status: 'waiting', attempts: 0, last_error: null }]);
    const standing = await app.owner.query(
      `select kind from partner_program.job where key like 'recurring:%' order by kind`,
    );
    expect(standing).toEqual(expect.arrayContaining([{ kind: 'retention' }, { kind: 'reconcile' }, { kind: 'seal' }]));
  });

  it('[F10] of another worker by now are left to it: an outbound job that took too long does not complete them', async () => {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    const kind = register({ run: undefined, perform: async () => (begin(), held) });
    await add(kind, ['only']);
    await begun;
    await app.owner.query(`update partner_program.job set due_at = now() + interval '5 minutes' where kind = $1`, [
      kind,
    ]);
    finish();
    await sleep(200);
    expect(await statuses(kind)).toEqual(['waiting']);
  });

  it('[F10] that only one worker does at a time are taken from one that stands still', async () => {
    let patience = '';
    const kind = register({
      soloLock: 4711,
      run: async (tx) => {
        [{ patience }] = await tx.query<[{ patience: string }]>(
          `select current_setting('idle_in_transaction_session_timeout') as patience`,
        );
      },
    });
    await add(kind, ['only']);
    await eventually(async () => expect(await statuses(kind)).toEqual(['done']));
    expect(patience).toBe('30s');
    const after = await app.db.query(`select current_setting('idle_in_transaction_session_timeout') as patience`);
    expect(after).toEqual([{ patience: '0' }]);
  });

  it('[F6] are heard of again after the listening connection was lost', async () => {
    const kind = register({ run: async () => undefined });
    const listeners = `select pid from pg_stat_activity where query like 'listen%' and datname = current_database()`;
    const before = await app.owner.query(listeners);
    expect(before).toHaveLength(1);
    await app.owner.query('select pg_terminate_backend($1)', [before[0].pid]);
    await eventually(async () => {
      const [now] = await app.owner.query(listeners);
      expect(now).toBeDefined();
      expect(now.pid).not.toBe(before[0].pid);
    });
    await add(kind, ['after']);
    await eventually(async () => expect(await statuses(kind)).toEqual(['done']));
  });

  it('[F28] are rung for after their transaction is committed, and not when it is rolled back', async () => {
    const listener = new Client({ connectionString: (app.db.options as { url: string }).url });
    await listener.connect();
    let rings = 0;
    listener.on('notification', () => (rings += 1));
    await listener.query('listen partner_program_jobs');
    const kind = register({ run: async () => undefined });
    try {
      await app.db
        .transaction(async (tx) => {
          await app.nest.get(JobsService).add(tx, { key: `${kind}:never`, kind, payload: {} });
          throw new Error('taken back');
        })
        .catch(() => undefined);
      await add(kind, ['one']);
      await eventually(async () => expect(await statuses(kind)).toEqual(['done']));
      expect(rings).toBe(1);
    } finally {
      await listener.end();
    }
  });

  it('done long ago are forgotten, and what they were about is not', async () => {
    const kind = register({ run: async () => undefined });
    await add(kind, ['old', 'new']);
    await eventually(async () => expect(await statuses(kind)).toEqual(['done', 'done']));
    await app.owner.query(`update partner_program.job set finished_at = now() - interval '31 days' where key = $1`, [
      `${kind}:old`,
    ]);
    await app.owner.query(`update partner_program.job set due_at = now() where kind = 'retention'`);
    await eventually(async () => expect((await jobs(kind)).map(({ key }) => key)).toEqual([`${kind}:new`]));
  });
});

describe('dead jobs', () => {
  it('are listed and tried again by holders of configure', async () => {
    let broken = true;
    const kind = register({
      run: async () => {
        if (broken) throw new Error('broken');
      },
    });
    await add(kind, ['x']);
    await app.owner.query(
      `update partner_program.job set status = 'dead', finished_at = now(), attempts = 8, last_error = 'broken' where kind = $1`,
      [kind],
    );
    const admin = await app.login('admin@crm.example');
    const { body } = await admin.get('/partner-program/jobs?status=dead').expect(200);
    const job = body.data.find((row: { key: string }) => row.key === `${kind}:x`);
    expect(job).toMatchObject({ kind, status: 'dead', attempts: 8, lastError: 'broken' });
    broken = false;
    await admin.post(`/partner-program/jobs/${job.id}/retry`).expect(201);
    await eventually(async () => expect(await statuses(kind)).toEqual(['done']));
    const again = await admin.post(`/partner-program/jobs/${job.id}/retry`);
    expect([again.status, again.body.code]).toEqual([409, 'JOB_NOT_DEAD']);
    for (const id of ['0', 'nonsense', '9'.repeat(30)])
      await admin.post(`/partner-program/jobs/${id}/retry`).expect(404);
    const page = await admin.get('/partner-program/jobs?status=done&limit=2').expect(200);
    expect(page.body.data).toHaveLength(2);
    const next = await admin
      .get(`/partner-program/jobs?status=done&limit=2&cursor=${page.body.nextCursor}`)
      .expect(200);
    expect(next.body.data[0].id).not.toBe(page.body.data[0].id);
    const html = await admin.get('/partner-program/jobs').set('Accept', 'text/html').expect(200);
    expect(html.text).toContain('jobs');
    const integrity = await admin.get('/partner-program/integrity').expect(200);
    expect(integrity.body).toMatchObject({
      ok: true,
      checks: expect.arrayContaining([{ id: 'L1', ok: true, rows: [], what: expect.any(String) }]),
    });
  });

  it('are nobody else’s to see', async () => {
    const office = await Office.open(app);
    const { agent } = await office.user({ permissions: ['participate', 'manageBalances'] });
    await agent.get('/partner-program/jobs').expect(403);
    await agent.post('/partner-program/jobs/1/retry').expect(403);
    await agent.get('/partner-program/integrity').expect(403);
  });
});

describe('several workers', () => {
  it('[F32] share jobs, and none is done twice', async () => {
    const database = await freshDatabase();
    const both = [await bootApp({ database, worker: false }), await bootApp({ database, worker: false })];
    const done: string[][] = [[], []];
    for (const [index, { nest }] of both.entries()) {
      nest.get(JobsService).register({
        kind: 'shared',
        batchSize: 3,
        run: async (_, batch) => {
          await sleep(5);
          done[index]!.push(...batch.map(({ key }) => key));
        },
      });
    }
    const keys = Array.from({ length: 60 }, (_, index) => `shared:${index}`);
    await both[0]!.db.transaction((tx) =>
      both[0]!.nest.get(JobsService).add(tx, ...keys.map((key) => ({ key, kind: 'shared', payload: {} }))),
    );
    await Promise.all(both.map(({ nest }) => nest.get(JobWorker).drain()));
    expect(done.every((mine) => mine.length > 0)).toBe(true);
    expect(done.flat().toSorted()).toEqual(keys.toSorted());
    for (const one of both) await one.close();
    await database.drop();
  });
});

describe('the nightly reconciliation', () => {
  const reconcile = () => app.owner.query(`update partner_program.job set due_at = now() where kind = 'reconcile'`);

  it('[F28] tells what was never told, once, page by page, and moves the host’s cursor', async () => {
    const office = await Office.open(app);
    await office.levels(1000);
    const seller = await office.member();
    const contract = await office.contract(seller, 100_00);
    await office.settled();
    // A change that the host made without telling: its own rows only.
    await app.owner.query(
      `with signed as (update crm.contract set status = 'signed', version = 2 where id = $1 returning *)
       insert into crm.contract_change (contract_id, version, number, status, seller_id, client_id, value_minor, currency, occurred_at)
       select id, version, number, status, seller_id, client_id, value_minor, currency, date_trunc('milliseconds', clock_timestamp()) from signed`,
      [contract],
    );
    expect(await office.available(seller)).toEqual([0]);
    await reconcile();
    await eventually(async () => expect(await office.available(seller)).toEqual([10_00]));
    const [{ cursor }] = await app.owner.query('select cursor from partner_program.reconciliation');
    expect(cursor).not.toBeNull();
    expect(await app.nest.get(CrmHost).contractsChangedSince(cursor, 10)).toMatchObject({ changes: [] });
    await app.owner.query(`delete from partner_program.job where kind = 'contract'`);
    await app.owner.query('update partner_program.reconciliation set cursor = null');
    await reconcile();
    await eventually(async () => {
      const rows = await app.owner.query(`select status from partner_program.job where kind = 'contract'`);
      expect(rows).toEqual([{ status: 'done' }, { status: 'done' }]);
    });
    expect(await office.available(seller)).toEqual([10_00]);
  });
});
