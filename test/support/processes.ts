import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { testCluster } from './cluster';
import { eventually } from './eventually';

const root = join(__dirname, '..', '..');

const CACHE = join(root, 'node_modules', '.cache');

/** The application compiled as `npm run build` does, below node_modules; once for all test files of a run. */
export class Build {
  private constructor(readonly folder: string) {}

  static made(): Build {
    const folder = join(CACHE, testCluster().name);
    if (existsSync(folder)) return new Build(folder);
    mkdirSync(CACHE, { recursive: true });
    const own = Build.make(mkdtempSync(`${folder}-`));
    if (existsSync(folder)) return own; // another worker was faster
    renameSync(own.folder, folder);
    return new Build(folder);
  }

  /** At the end of the run. */
  static removeAll(): void {
    const { name } = testCluster();
    const all = existsSync(CACHE) ? readdirSync(CACHE) : [];
    const made = all.filter((folder) => folder === name || folder.startsWith(`${name}-`));
    for (const folder of made) rmSync(join(CACHE, folder), { recursive: true });
  }

  private static make(folder: string): Build {
    const compiler = join(root, 'node_modules/@typescript/native/bin/tsc');
    const options = ['-p', 'tsconfig.build.json', '--outDir', folder, '--declaration', 'false', '--sourceMap', 'false'];
    const { status, stdout } = spawnSync(process.execPath, [compiler, ...options], { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`The program does not compile: ${stdout}`);
    return new Build(folder);
  }
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  /** Whether the server said that this is the connection's last answer. */
  readonly last: boolean;
}

/** The whole program in a process of its own, reached over kept connections. */
export class ProgramProcess {
  /** What it wrote. */
  output = '';
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly agent = new Agent({ keepAlive: true }),
  ) {
    const note = (text: Buffer) => void (this.output += String(text));
    child.stdout!.on('data', note);
    child.stderr!.on('data', note);
  }

  /** Started, and perhaps not listening yet. */
  static async spawn({ folder }: Build, env: Record<string, string | undefined>): Promise<ProgramProcess> {
    const port = await freePort();
    const child = spawn(process.execPath, [join(folder, 'src', 'main.js')], {
      cwd: folder, // no .env of a developer is read
      env: { PATH: process.env.PATH, PORT: String(port), LOG_FORMAT: 'json', MIGRATE: 'false', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ProgramProcess(port, child);
  }

  async ready(): Promise<this> {
    await eventually(
      async () => {
        if (this.child.exitCode !== null) return;
        if (!(await this.isReady())) throw new Error(`Not ready: ${this.output}`);
      },
      { timeoutMs: 120_000 },
    );
    if (this.child.exitCode !== null) throw new Error(`It ended: ${this.output}`);
    return this;
  }

  isReady(): Promise<boolean> {
    return this.send('GET', '/partner-program/health/ready').then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  send(method: string, path: string, { cookie = '', key = '', body = undefined as object | undefined } = {}) {
    const headers = {
      accept: 'application/json',
      ...(cookie && { cookie }),
      ...(key && { 'idempotency-key': key }),
      ...(body && { 'content-type': 'application/json' }),
    };
    return new Promise<Reply>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.port, method, path, headers, agent: this.agent };
      const call = request(options, (reply) => {
        let text = '';
        reply.setEncoding('utf8').on('data', (part: string) => (text += part));
        reply.on('error', reject).on('end', () => {
          const isJson = /json/.test(reply.headers['content-type'] ?? '');
          const last = reply.headers.connection === 'close';
          resolve({ status: reply.statusCode!, body: isJson ? JSON.parse(text) : text, last });
        });
      });
      call.on('error', reject).end(body && JSON.stringify(body));
    });
  }

  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(name);
  }

  /** @returns the exit code; null when a signal ended it */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    this.agent.destroy();
    return this.child.exitCode;
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended();
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
