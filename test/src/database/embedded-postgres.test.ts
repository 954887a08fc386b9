import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../../src/database/embedded-postgres';
import { eventually } from '../../support/eventually';

interface Program {
  readonly pid: number;
  readonly ownerUrl: string;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'embedded-postgres-'));
chmodSync(folder, 0o755);
const started: ChildProcess[] = [];

/** A program of its own with an embedded server. Rejects with what it says when it does not start. */
async function program(dataDir: string): Promise<Program> {
  const child = spawn(
    process.execPath,
    ['-r', './test/support/compile.js', 'test/support/embedded-postgres.process.ts', dataDir],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  started.push(child);
  const [[answer], ok] = await Promise.race([
    once(child.stdout, 'data').then((data) => [data as Buffer[], true] as const),
    once(child.stderr, 'data').then((data) => [data as Buffer[], false] as const),
  ]);
  if (!ok) throw new Error(String(answer));
  return {
    pid: child.pid ?? 0,
    ownerUrl: String(answer),
    async end(signal) {
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    },
  };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

function serverPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

describe('the embedded PostgreSQL', () => {
  const dataDir = join(folder, 'not', 'there', 'yet');

  afterAll(async () => {
    const running = started.filter((child) => child.exitCode === null && child.signalCode === null);
    await Promise.all(running.map((child) => (child.kill('SIGTERM'), once(child, 'exit'))));
    rmSync(folder, { recursive: true });
  });

  it('[F5] starts in an empty folder, durable, with a role that owns nothing', async () => {
    const server = await EmbeddedPostgres.start({ dataDir });
    const durability = `select setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit')`;
    expect(await query(server.appUrl, durability)).toEqual(['on', 'on', 'on']);
    expect(await query(server.appUrl, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([false]);
    await expect(query(server.appUrl, 'create table t ()')).rejects.toThrow('permission denied');
    await expect(query(server.appUrl.replace(/:[0-9a-f]{64}@/, ':guess@'), 'select 1')).rejects.toThrow('password');
    const locale = `select datlocprovider::text, datlocale from pg_database where datname = 'crm'`;
    expect(await query(server.ownerUrl, locale)).toEqual(['b', 'C.UTF-8']);
    await query(server.ownerUrl, 'create table kept as select 1 as n');
    await server.stop();
    expect(() => serverPid(dataDir)).toThrow('ENOENT');
  });

  it('keeps the data over a stop and a start', async () => {
    const server = await EmbeddedPostgres.start({ dataDir });
    expect(await query(server.ownerUrl, 'select n from kept')).toEqual([1]);
    await server.stop();
  });

  it('is used by one program at a time', async () => {
    const first = await program(dataDir);
    await expect(program(dataDir)).rejects.toThrow(
      `The program is already running with the data in ${dataDir}/postgres (process ${first.pid})`,
    );
    expect(await query(first.ownerUrl, 'select n from kept')).toEqual([1]);
    await first.end('SIGTERM');
  });

  it('lends its server to a command, which leaves it running', async () => {
    const first = await program(dataDir);
    const guest = await EmbeddedPostgres.start({ dataDir, shared: true });
    expect(await query(guest.appUrl, 'select current_user')).toEqual(['crm_app']);
    await guest.stop();
    expect(await query(first.ownerUrl, 'select n from kept')).toEqual([1]);
    await first.end('SIGTERM');
    const alone = await EmbeddedPostgres.start({ dataDir, shared: true });
    expect(await query(alone.ownerUrl, 'select n from kept')).toEqual([1]);
    await alone.stop();
    expect(() => serverPid(dataDir)).toThrow('ENOENT');
  });

  it('adopts the server that a killed program leaves behind, and stops it in the end', async () => {
    const first = await program(dataDir);
    const pid = serverPid(dataDir);
    await first.end('SIGKILL');

    const second = await program(dataDir);
    expect(second.ownerUrl).toBe(first.ownerUrl);
    expect(serverPid(dataDir)).toBe(pid);
    await second.end('SIGTERM');
    expect(() => serverPid(dataDir)).toThrow('ENOENT');
  });

  it('starts again after both were killed', async () => {
    const first = await program(dataDir);
    await first.end('SIGKILL');
    process.kill(serverPid(dataDir), 'SIGKILL');

    const server = await EmbeddedPostgres.start({ dataDir });
    expect(await query(server.ownerUrl, 'select n from kept')).toEqual([1]);
    await server.stop();
  });

  it('is not misled by a process that has the number of a killed server', async () => {
    const first = await program(dataDir);
    await first.end('SIGKILL');
    const pid = serverPid(dataDir);
    process.kill(pid, 'SIGKILL');
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(String(pid), String(process.pid)));

    const server = await EmbeddedPostgres.start({ dataDir });
    expect(await query(server.ownerUrl, 'select n from kept')).toEqual([1]);
    await server.stop();
  });

  it('[F4] comes back on the same port when it dies under the program', async () => {
    const server = await EmbeddedPostgres.start({ dataDir });
    const pid = serverPid(dataDir);
    process.kill(pid, 'SIGKILL');
    await eventually(async () => expect(await query(server.ownerUrl, 'select n from kept')).toEqual([1]));
    await eventually(() => expect(serverPid(dataDir)).not.toBe(pid));
    await expect(program(dataDir)).rejects.toThrow('already running');
    await server.stop();
  });

  it('lets one of two simultaneous first starts through', async () => {
    const fresh = join(folder, 'fresh');
    const [one, other] = await Promise.allSettled([program(fresh), program(fresh)]);
    const [winner, loser] = one.status === 'fulfilled' ? [one, other] : [other, one];
    expect(loser).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('already running') },
    });
    if (winner.status === 'rejected') throw winner.reason;
    await winner.value.end('SIGTERM');
  });

  it('runs below a folder that is closed to others', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const server = await EmbeddedPostgres.start({ dataDir: join(closed, 'data') });
    expect(await query(server.appUrl, 'select 1')).toEqual([1]);
    await server.stop();

    chmodSync(closed, 0o755);
    const again = await EmbeddedPostgres.start({ dataDir: join(closed, 'data') });
    expect(await query(again.appUrl, 'select 1')).toEqual([1]);
    await again.stop();
  });

  it('refuses data of another major version, and what is no data of PostgreSQL', async () => {
    const foreign = join(folder, 'foreign');
    mkdirSync(join(foreign, 'postgres'), { recursive: true });
    await expect(EmbeddedPostgres.start({ dataDir: foreign })).rejects.toThrow('cannot be opened without');
    writeFileSync(join(foreign, 'postgres.password'), 'secret');
    await expect(EmbeddedPostgres.start({ dataDir: foreign })).rejects.toThrow(
      "holds something else than PostgreSQL's data",
    );
    writeFileSync(join(foreign, 'postgres', 'PG_VERSION'), '15\n');
    await expect(EmbeddedPostgres.start({ dataDir: foreign })).rejects.toThrow(
      `The data in ${foreign}/postgres were written by PostgreSQL 15; this program brings PostgreSQL 18.`,
    );
  });

  it('says what keeps the server from starting', async () => {
    const broken = join(folder, 'broken');
    const server = await EmbeddedPostgres.start({ dataDir: broken });
    await server.stop();
    writeFileSync(join(broken, 'postgres', 'postgresql.conf'), 'nonsense = on\n');
    await expect(EmbeddedPostgres.start({ dataDir: broken })).rejects.toThrow(
      /^PostgreSQL does not start \(configuration file .* contains errors\); its log is .*postgres\.log\.$/,
    );
  });
});
