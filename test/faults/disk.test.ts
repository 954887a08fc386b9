import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { runCommandLine } from '../../modules/commands/command-line.command';
import { ensureAdministrator } from '../../src/crm/seed';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres';
import { migrate } from '../../src/database/migrate';
import { bootApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { expectIntegrity } from '../support/oracle';
import { Office, PDF, type Member } from '../support/program';

jest.setTimeout(180_000);

const MB = 1024 * 1024;
/** A small disk takes the right to mount one. */
const ifRoot = process.getuid?.() === 0 && process.platform === 'linux' ? describe : describe.skip;

/** A disk of its own, in memory, that can be filled up and emptied again. */
class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'partner-program-disk-'));
  private readonly ballast = join(this.folder, 'ballast');

  constructor(sizeMb: number) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', this.folder]);
    chmodSync(this.folder, 0o755);
  }

  /** A folder on it that belongs to whoever owns another one. */
  folderLike(other: string, name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, statSync(other).uid, statSync(other).gid);
    return folder;
  }

  fill(): void {
    const file = openSync(this.ballast, 'a');
    for (const size of [MB, 4096]) {
      try {
        for (const chunk = Buffer.alloc(size); writeSync(file, chunk) === size;);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
    closeSync(file);
  }

  empty(): void {
    rmSync(this.ballast, { force: true });
  }

  remove(): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true });
  }
}

ifRoot('a disk that is full', () => {
  let folder: string;
  let disk: SmallDisk;
  let server: EmbeddedPostgres;
  let app: TestApp;
  let office: Office;
  let seller: Member;
  let clientId: string;
  let tried = 0;
  let failures: number[];
  const acknowledged = new Set<string>();

  const onServer = async (sql: string, url = server.ownerUrl): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };

  async function start(): Promise<void> {
    app = await bootApp({ database: { url: server.appUrl, ownerUrl: server.ownerUrl, drop: async () => undefined } });
    app.nest.useLogger(false); // the disk is full on purpose
    office = await Office.open(app);
    await office.levels(1000);
    seller = await office.member();
    const { body } = await office.admin.post('/crm/clients').send({ name: 'Klient' }).expect(201);
    clientId = (body as { id: string }).id;
  }

  beforeEach(async () => {
    acknowledged.clear();
    failures = [];
    folder = mkdtempSync(join(tmpdir(), 'partner-program-full-'));
    chmodSync(folder, 0o755);
    server = await EmbeddedPostgres.start({ dataDir: folder });
    await migrate(server.ownerUrl, 'crm_app');
    const owner = await new DataSource({ type: 'postgres', url: server.ownerUrl }).initialize();
    await ensureAdministrator(owner);
    await owner.destroy();
  });
  afterEach(async () => {
    disk.empty();
    await app.close();
    await server.stop();
    disk.remove();
    rmSync(folder, { recursive: true });
  });

  /** Signs a new contract, and remembers it once that was acknowledged. @returns how the last answer ended */
  async function sign(): Promise<number> {
    const contract = { number: `P/${++tried}`, clientId, sellerId: seller.id, valueMinor: 100_00, currency: 'PLN' };
    const created = await office.admin.post('/crm/contracts').send(contract);
    if (created.status !== 201) return created.status;
    const { id } = created.body as { id: string };
    const { status } = await office.admin.post(`/crm/contracts/${id}/status`).send({ status: 'signed' });
    if (status === 200) acknowledged.add(id);
    return status;
  }

  /** What was acknowledged is there, once, and nothing else. */
  async function expectWhole(): Promise<void> {
    await app.owner.query(
      `update partner_program.job set due_at = now() where kind = 'contract' and status = 'waiting'`,
    );
    await eventually(() => office.settled(), { timeoutMs: 30_000 });
    const paid = await app.owner.query<{ id: string; minor: number }[]>(
      `select contract_id as id, sum(amount_minor)::int as minor from partner_program.entry e
         join partner_program.account a on a.id = e.account_id where a.holder_kind = 'partner' group by contract_id`,
    );
    const byContract = new Map(paid.map(({ id, minor }) => [id, minor]));
    for (const id of acknowledged) expect([id, byContract.get(id)]).toEqual([id, 10_00]);
    const half = await app.owner.query(
      `select id from crm.contract c where version <> (select count(*) from crm.contract_change where contract_id = c.id)`,
    );
    expect(half).toEqual([]);
    await expectIntegrity(app.owner);
  }

  it('[F11] [F13] sends writers away for a while and does nothing by halves; with room again the same goes through', async () => {
    disk = new SmallDisk(48);
    const tablespace = disk.folderLike(join(folder, 'postgres'), 'tables');
    await onServer(`create tablespace small location '${tablespace}'`);
    await onServer(
      `alter table all in tablespace pg_default set tablespace small; alter index all in tablespace pg_default set tablespace small`,
    );
    await start();
    for (let n = 0; n < 5; n++) expect(await sign()).toBe(200);
    await office.settled();
    disk.fill();
    // Pages have room yet: what is written now goes on until a table would have to grow.
    const file = Buffer.concat([PDF.subarray(0, 9), Buffer.alloc(2 * MB, '%\n'), PDF.subarray(9)]);
    const upload = () =>
      office.admin.post('/partner-program/terms').field('title', 'Regulamin').attach('file', file, 'regulamin.pdf');
    const refused = await upload();
    expect([refused.status, refused.headers['retry-after'], (refused.body as { code: string }).code]).toEqual([
      503,
      '5',
      'UNAVAILABLE',
    ]);
    for (let n = 0; n < 2_000 && failures.length < 5; n++) {
      const status = await sign();
      if (status !== 200) failures.push(status);
    }
    expect(failures).toEqual([503, 503, 503, 503, 503]);
    await office.admin.get('/crm/contracts?limit=1').expect(200); // readers are left alone
    await office.admin.get('/partner-program/terms').expect(200);
    expect(await app.owner.query('select count(*)::int as n from partner_program.terms_version')).toEqual([{ n: 1 }]);
    disk.empty();
    expect(await sign()).toBe(200);
    const { body } = await upload().expect(201);
    const { versionId, sha256 } = body as { versionId: string; sha256: string };
    expect(sha256).toBe(createHash('sha256').update(file).digest('hex'));
    await office.admin.post(`/partner-program/terms/${versionId}/publication`).expect(201);
    const kept = await office.admin.get('/partner-program/terms/current/file').expect(200);
    expect((kept.body as Buffer).equals(file)).toBe(true);
    await expectWhole();
  });

  it('[F13] leaves no half of an export, and the next run can write it', async () => {
    disk = new SmallDisk(1);
    await start();
    disk.fill();
    const file = join(disk.folder, 'partners.csv');
    let said = '';
    const stream = { isTTY: false, write: (text: string) => ((said += text), true) } as never;
    const args = ['export', 'partners', '--output', file, '--database-url', server.ownerUrl];
    expect(await runCommandLine(args, { out: stream, err: stream })).toBe(2);
    expect(said).toMatch(/partners\.csv cannot be written: ENOSPC/);
    expect(existsSync(file)).toBe(false);
    disk.empty();
    expect(await runCommandLine(args, { out: stream, err: stream })).toBe(0);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  });

  it('[F12] for the write-ahead log stops the server, which comes back with all it acknowledged once there is room', async () => {
    await server.stop();
    disk = new SmallDisk(80);
    const data = join(folder, 'postgres');
    const log = disk.folderLike(data, 'wal');
    execFileSync('cp', ['-aT', join(data, 'pg_wal'), log]);
    rmSync(join(data, 'pg_wal'), { recursive: true });
    symlinkSync(log, join(data, 'pg_wal'));
    server = await EmbeddedPostgres.start({ dataDir: folder });
    await start();
    await app.owner.query('create table public.heavy (text text)');
    disk.fill();
    let over = false;
    const load = (async () => {
      while (!over) {
        const status = await sign().catch(() => 0);
        if (status === 200) continue;
        failures.push(status);
        await sleep(50);
      }
    })();
    // Writes more than the log has room for.
    const crash = app.owner.query(
      `insert into public.heavy select repeat(md5(n::text), 60) from generate_series(1, 100000) as n`,
    );
    await expect(crash).rejects.toThrow(/terminat|ECONN|Connection|recovery|space/i);
    await eventually(() => expect(failures.length).toBeGreaterThan(0));
    expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).toMatch(/PANIC:.*(No space left|pg_wal)/);
    disk.empty();
    await eventually(() => office.admin.get('/crm/contracts?limit=1').expect(200), { timeoutMs: 90_000 });
    const before = acknowledged.size;
    await eventually(() => expect(acknowledged.size).toBeGreaterThan(before + 3), { timeoutMs: 30_000 });
    over = true;
    await load;
    expect(failures.every((status) => status === 0 || status === 503)).toBe(true);
    expect(await app.owner.query('select count(*)::int as rows from public.heavy')).toEqual([{ rows: 0 }]);
    await expectWhole();
  });
});
