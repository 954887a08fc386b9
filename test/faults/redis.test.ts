import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { JobsService } from '../../modules/platform/jobs/jobs.service';
import { bootApp, type TestApp } from '../support/app';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { Office, type Member } from '../support/program';
import { RedisServer, redisInstalled as installed } from '../support/redis';

// A skipped suite must not look like a passed one.
if (!installed) process.stderr.write('\nSKIPPED test/faults/redis.test.ts: there is no redis-server here.\n\n');

(installed ? describe : describe.skip)(
  `Redis as the wake${installed ? '' : ' (SKIPPED: no redis-server is installed)'}`,
  () => {
    let redis: RedisServer;
    let database: FreshDatabase;
    let apps: TestApp[];
    let office: Office;
    let seller: Member;

    beforeAll(async () => {
      redis = await RedisServer.start();
      database = await freshDatabase();
      apps = [await boot(), await boot()];
      office = await Office.open(apps[0]!);
      await office.levels(1000);
      seller = await office.member();
    });
    afterAll(async () => {
      for (const app of apps) await app.close();
      await database.drop();
      await redis.kill();
    });

    const boot = () => bootApp({ database, redisUrl: redis.url });

    /** Signs contracts and waits until they are paid. */
    async function pay(contracts: number): Promise<void> {
      const ids: string[] = [];
      for (let n = 0; n < contracts; n++) ids.push(await office.contract(seller, 100_00));
      await office.settled();
      const [before] = await office.available(seller);
      for (const id of ids) await office.status(id, 'signed');
      await office.settled();
      expect(await office.available(seller)).toEqual([before! + contracts * 10_00]);
    }

    it('rings through Bull, for one process at a time, under a prefix of the installation', async () => {
      await pay(3);
      const keys = await redis.command((client) => client.keys('partner-program:*'));
      expect(keys.length).toBeGreaterThan(0);
      expect(new Set(keys.map((key) => key.split(':')[1]))).toHaveProperty('size', 1);
      const counter = keys.find((key) => key.endsWith(':wake:id'))!;
      const rings = () => redis.command(async (client) => Number(await client.get(counter)));
      const before = await rings();
      await pay(1);
      expect(await rings()).toBeGreaterThan(before);
    });

    it('[F6] loses nothing when Redis is killed while a job runs, and rings again when it is back', async () => {
      let running: () => void = () => undefined;
      const started = new Promise<void>((resolve) => (running = resolve));
      let finish: () => void = () => undefined;
      const killed = new Promise<void>((resolve) => (finish = resolve));
      let runs = 0;
      for (const { nest } of apps) {
        nest.get(JobsService).register({ kind: 'slow', batchSize: 1, run: async () => (runs++, running(), killed) });
      }
      const [{ db, nest }] = apps as [TestApp];
      await db.transaction((tx) => nest.get(JobsService).add(tx, { key: 'slow:1', kind: 'slow', payload: {} }));
      await started;
      await redis.kill();
      finish();
      await pay(2); // while there is no Redis
      await eventually(async () => {
        expect(await db.query(`select status from partner_program.job where key = 'slow:1'`)).toEqual([
          { status: 'done' },
        ]);
      });
      expect(runs).toBe(1);
      await redis.start();
      // A process is heard by the new Redis once its ring is added, handed out and removed there.
      await eventually(
        async () => {
          await pay(1);
          const done = await redis.command((client) => client.info('commandstats'));
          expect(done).toMatch(/cmdstat_brpoplpush/);
          expect(done).toMatch(/cmdstat_(eval|evalsha):/);
        },
        { timeoutMs: 20_000 },
      );
      await pay(2);
    }, 60_000);

    it('[F7] loses nothing when everything in Redis is flushed, ten times over', async () => {
      for (let round = 0; round < 10; round++) {
        const flush = sleep(Math.random() * 100).then(() => redis.command((client) => client.flushall()));
        await pay(1);
        await flush;
      }
    }, 60_000);

    it('[F8] starts, works and stops without Redis, no process saying so twice', async () => {
      await redis.kill();
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
      const app = await boot();
      try {
        await sleep(2_500);
        const warnings = warn.mock.calls.filter(([message]) => String(message).includes('Redis'));
        expect(warnings.length).toBeGreaterThan(0);
        expect(warnings.length).toBeLessThanOrEqual(apps.length + 1);
        const id = await office.contract(seller, 100_00);
        await office.status(id, 'signed');
        await office.settled();
      } finally {
        await app.close();
        warn.mockRestore();
        await redis.start();
      }
    }, 60_000);

    it('[F9] does each job once although workers are killed again and again', async () => {
      const [first] = await office.available(seller);
      const ids: string[] = [];
      for (let n = 0; n < 12; n++) ids.push(await office.contract(seller, 100_00));
      for (const id of ids) {
        await office.status(id, 'signed');
        // What is left of a killed process: its connections end, its transactions are rolled back.
        await apps[0]!.owner.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and usename <> current_user and state = 'active' and query not like 'listen%'`,
        );
      }
      await office.settled();
      expect(await office.available(seller)).toEqual([first! + 12 * 10_00]);
    }, 60_000);
  },
);
