import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { ensureAdministrator } from '../../src/crm/seed';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres';
import { migrate } from '../../src/database/migrate';
import { bootApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { expectIntegrity } from '../support/oracle';
import { Office, type Member } from '../support/program';

/** So many requests may find a dead connection once the database works again: each throws one out of the pool. @see F4 */
const MOST_REFUSED = 20;
/** Of immediate stops, which are quick; a night may take thousands. Kills of the server take ten times as long. */
const STOPS = Number(process.env.STOPS ?? 25);
const KILLS = 5;

const folder = mkdtempSync(join(tmpdir(), 'partner-program-crash-'));
chmodSync(folder, 0o755);

let server: EmbeddedPostgres;
let app: TestApp;
let office: Office;
let seller: Member;
let failures: string[];

beforeAll(async () => {
  server = await EmbeddedPostgres.start({ dataDir: folder });
  await migrate(server.ownerUrl, 'crm_app');
  const owner = await new DataSource({ type: 'postgres', url: server.ownerUrl }).initialize();
  await ensureAdministrator(owner);
  await owner.destroy();
  const database = { url: server.appUrl, ownerUrl: server.ownerUrl, drop: () => Promise.resolve() };
  app = await bootApp({ database });
  app.nest.useLogger(false); // connections are lost on purpose
  office = await Office.open(app);
  await office.levels(1000);
  seller = await office.member();
}, 60_000);
afterAll(async () => {
  await app.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

const postmaster = (): number =>
  Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

/** As `pg_ctl stop -m immediate` does. The program's own watch starts the server again. */
const IMMEDIATE_STOP = 'SIGQUIT';

/** Signs contracts without a pause, and remembers what was acknowledged. */
async function load(acknowledged: Set<string>, isOver: () => boolean): Promise<void> {
  for (let n = 0; !isOver(); n++) {
    try {
      const id = await office.contract(seller, 100_00);
      const reply = await office.admin.post(`/crm/contracts/${id}/status`).send({ status: 'signed' });
      if (reply.status === 200) acknowledged.add(id);
      else failures.push(String(reply.status));
    } catch (error) {
      failures.push((error as Error).message);
      await sleep(50);
    }
  }
}

/** @returns how many requests were refused before one was answered */
async function refusedUntilItWorks(): Promise<number> {
  let refused = -1;
  await eventually(() => (refused++, office.admin.get('/crm/contracts?limit=1').expect(200)), { timeoutMs: 30_000 });
  return refused;
}

async function settled(): Promise<void> {
  await app.owner.query(`update partner_program.job set due_at = now() where kind = 'contract' and status = 'waiting'`);
  await office.settled();
}

describe('a PostgreSQL that dies under load', () => {
  it.each([
    [IMMEDIATE_STOP, STOPS],
    ['SIGKILL', KILLS],
  ] as const)(
    '[F3] [F4] loses nothing it has acknowledged, and the application works again by itself: %s',
    async (signal, cycles) => {
      const acknowledged = new Set<string>();
      failures = [];
      const refused: number[] = [];
      for (let cycle = 0; cycle < cycles; cycle++) {
        let over = false;
        const clients = [1, 2, 3].map(() => load(acknowledged, () => over));
        await sleep(150 + Math.random() * 300);
        const before = postmaster();
        process.kill(before, signal);
        await eventually(() => expect(postmaster()).not.toBe(before), { timeoutMs: 30_000 });
        await eventually(() => app.owner.query('select 1'), { timeoutMs: 30_000 });
        refused.push(await refusedUntilItWorks());
        over = true;
        await Promise.all(clients);
      }
      expect(failures.length).toBeGreaterThan(0);
      expect(acknowledged.size).toBeGreaterThan(cycles);
      expect(Math.max(...refused)).toBeLessThanOrEqual(MOST_REFUSED);
      await settled();
      const paid = await app.owner.query<{ id: string; minor: number }[]>(
        `select contract_id as id, sum(amount_minor)::int as minor from partner_program.entry e
           join partner_program.account a on a.id = e.account_id where a.holder_kind = 'partner' group by contract_id`,
      );
      const byContract = new Map(paid.map(({ id, minor }) => [id, minor]));
      for (const id of acknowledged) expect([id, byContract.get(id)]).toEqual([id, 10_00]);
      const half = await app.owner.query(
        `select c.id from crm.contract c where c.version <> (select count(*) from crm.contract_change where contract_id = c.id)`,
      );
      expect(half).toEqual([]);
      await expectIntegrity(app.owner);
    },
    20_000 * STOPS,
  );

  it('[F4] leaves no connection in the pool that answers wrongly: a killed backend is not used again', async () => {
    const pids = await app.owner.query<{ pid: number }[]>(
      `select pid from pg_stat_activity where usename = 'crm_app' and datname = current_database()`,
    );
    expect(pids.length).toBeGreaterThan(1);
    await app.owner.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'crm_app'`);
    expect(await refusedUntilItWorks()).toBeLessThanOrEqual(MOST_REFUSED);
    const replies = await Promise.all(Array.from({ length: 60 }, () => office.admin.get('/crm/contracts?limit=1')));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const id = await office.contract(seller, 100_00);
    await office.status(id, 'signed');
    await office.settled();
  }, 60_000);
});
