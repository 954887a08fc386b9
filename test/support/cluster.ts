import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The server all test files of a run share, and how their databases are named there. */
export interface TestCluster {
  /** A superuser. */
  readonly ownerUrl: string;
  /** The application's role, its password and the beginning of every database's name. */
  readonly name: string;
}

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 4 * 1024 ** 3;

/** In memory where there is room: a database of a test is hundreds of files, six times dearer to copy on a disk. */
function throwAwayFolder(): string {
  const { bavail, bsize } = existsSync(MEMORY) ? statfsSync(MEMORY) : { bavail: 0, bsize: 0 };
  return bavail * bsize >= ENOUGH_BYTES ? MEMORY : tmpdir();
}

/** A server with empty, throw-away data, which goes away with the process that starts it. */
export async function startThrowAwayServer(): Promise<{ ownerUrl: string; process: ChildProcess }> {
  const dataDir = mkdtempSync(join(throwAwayFolder(), 'partner-program-test-'));
  chmodSync(dataDir, 0o755);
  const program = join(__dirname, 'embedded-postgres.process.ts');
  const server = spawn(process.execPath, ['-r', join(__dirname, 'compile.js'), program, dataDir, '--throw-away'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // Ctrl-C ends the tests; the server then sees its input closed and cleans up
  });
  const ended = once(server, 'exit').then(() => {
    throw new Error('The test database does not start.');
  });
  const [ownerUrl] = (await Promise.race([once(server.stdout, 'data'), ended])) as [Buffer];
  ended.catch(() => undefined);
  server.unref();
  return { ownerUrl: String(ownerUrl), process: server };
}

export function testCluster(): TestCluster {
  return JSON.parse(process.env.TEST_CLUSTER ?? '{}') as TestCluster;
}

/** The same server and role, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

export function templateOf({ name }: TestCluster): string {
  return `${name}_template`;
}
