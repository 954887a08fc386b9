import { createHmac } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { Client, escapeLiteral } from 'pg';
import { keptSecret } from '../kept-secret';
import { StartError } from '../start-error';
import { PostgresPrograms } from './postgres-programs';

export const APP_ROLE = 'crm_app';
const DATABASE = 'crm';
const DRAFT = 'postgres-new-';
const READY_TIMEOUT_MS = 60_000;

/** Held on a connection as long as the program runs; the server lets it go when the program dies, however it does. */
const PROGRAM_LOCK = 7_266_001;
/** How long a killed program's lock may outlive it. */
const LOCK_TIMEOUT_MS = 1_000;

/** The C locale orders bytes the same everywhere; names are sorted with ICU collations where they are shown. */
const CLUSTER_OPTIONS = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
const SERVER_SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'timezone=UTC',
  'log_min_messages=log', // refused statements are the application's to log
  'log_checkpoints=off',
];
const UNSAFE_SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** False only for throw-away data: a crash of the machine may then lose or spoil them. */
  readonly durable?: boolean;
  /** True to use the server of a program that already runs on `dataDir`, and to leave it running. */
  readonly shared?: boolean;
}

/**
 * A PostgreSQL of the program's own in `dataDir`, for whoever has not set DATABASE_URL.
 *
 * The server is a process apart that survives a killed program; the next start adopts it. It comes back by itself
 * when it dies under a running program. `dataDir` holds `postgres/`, `postgres.password` and `postgres.log`.
 */
export class EmbeddedPostgres {
  private readonly folder: string;
  private readonly log: string;
  private readonly password: string;
  private port?: number;
  private child?: ChildProcess;
  private locked = false;
  /** The connection to another program's server. */
  private guest?: Client;
  private stopping = false;

  private constructor(
    dataDir: string,
    private readonly programs: PostgresPrograms,
    private readonly durable: boolean,
    private readonly shared: boolean,
  ) {
    this.folder = join(dataDir, 'postgres');
    this.log = join(dataDir, 'postgres.log');
    this.password = this.readPassword(join(dataDir, 'postgres.password'));
  }

  /** @throws StartError when the server cannot run, or another program uses `dataDir` and it shall not be shared */
  static async start({
    durable = true,
    shared = false,
    ...options
  }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    mkdirSync(options.dataDir, { recursive: true });
    const dataDir = realpathSync(options.dataDir);
    const server = new EmbeddedPostgres(dataDir, PostgresPrograms.find(dataDir), durable, shared);
    process.once('exit', server.interrupt);
    await server.createCluster(dataDir);
    const client = await server.hold();
    if (server.guest) return server;
    removeDrafts(dataDir);
    await createRoleAndDatabase(client, server.appPassword);
    return server;
  }

  /** The superuser: owns and migrates everything. */
  get ownerUrl(): string {
    return this.url('postgres', this.password, DATABASE);
  }

  /** A role that owns nothing, so that what it is not granted stays impossible. */
  get appUrl(): string {
    return this.url(APP_ROLE, this.appPassword, DATABASE);
  }

  /** Waits for transactions to be rolled back and everything to be on disk. */
  async stop(): Promise<void> {
    this.stopping = true;
    process.off('exit', this.interrupt);
    if (this.guest) return this.guest.end();
    if (this.running()) await this.programs.run('pg_ctl', ['stop', '-D', this.folder, '-m', 'fast', '-w', '-t', '60']);
  }

  private get appPassword(): string {
    return createHmac('sha256', this.password).update(APP_ROLE).digest('hex');
  }

  private url(role: string, password: string, database: string): string {
    return `postgres://${role}:${password}@127.0.0.1:${this.port}/${database}?sslmode=disable`;
  }

  private readPassword(file: string): string {
    if (!existsSync(file) && existsSync(this.folder)) {
      throw new StartError(`The data in ${this.folder} cannot be opened without ${file}.`);
    }
    const password = keptSecret(file);
    this.programs.own(file);
    return password;
  }

  /** Makes the data folder beside its place and moves it there whole: an interrupted start leaves no half of one. */
  private async createCluster(dataDir: string): Promise<void> {
    if (!existsSync(this.folder)) {
      const draft = mkdtempSync(join(dataDir, DRAFT));
      try {
        this.programs.own(draft);
        const passwordFile = `--pwfile=${join(dataDir, 'postgres.password')}`;
        const options = [...CLUSTER_OPTIONS, '--username=postgres', '--auth=scram-sha-256', passwordFile];
        await this.programs.run('initdb', [...options, ...(this.durable ? [] : ['--no-sync']), '-D', draft]);
        renameSync(draft, this.folder);
      } catch (error) {
        rmSync(draft, { recursive: true, force: true });
        if (!existsSync(this.folder))
          throw new StartError(`DATA_DIR: ${(error as Error).message.trim()}`, { cause: error });
      }
    }
    this.checkVersion();
    this.programs.own(this.folder);
  }

  private checkVersion(): void {
    const versionFile = join(this.folder, 'PG_VERSION');
    if (!existsSync(versionFile)) {
      throw new StartError(
        `${this.folder} holds something else than PostgreSQL's data: set DATA_DIR to another folder.`,
      );
    }
    const written = readFileSync(versionFile, 'utf8').trim();
    if (written !== this.programs.majorVersion) {
      throw new StartError(
        `The data in ${this.folder} were written by PostgreSQL ${written}; this program brings ` +
          `PostgreSQL ${this.programs.majorVersion}. Dump them with the version of the program that wrote them, ` +
          'or set DATA_DIR to another folder.',
      );
    }
  }

  /** Connects to a running server, locks it for this program and stays connected; recovers when the connection ends. */
  private async hold(): Promise<Client> {
    const client = await this.connect();
    const deadline = Date.now() + LOCK_TIMEOUT_MS;
    while (!(await tryLock(client))) {
      if (this.shared) return (this.guest = client);
      if (Date.now() > deadline) {
        const holder = await lockHolder(client);
        await client.end();
        throw new StartError(
          `The program is already running with the data in ${this.folder} (${holder}): ` +
            'stop it first, or set DATA_DIR to another folder.',
        );
      }
      await sleep(50);
    }
    this.locked = true;
    client.once('end', () => void this.recover());
    return client;
  }

  private async recover(): Promise<void> {
    this.locked = false;
    while (!this.stopping) {
      try {
        await this.hold();
        return;
      } catch {
        await sleep(500); // the application's own queries tell that the database is away
      }
    }
  }

  /** Adopts the server that runs on the folder, else starts one, and waits until it answers. */
  private async connect(): Promise<Client> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    const givenOut = this.port; // the application holds on to it
    this.child = undefined;
    for (let failures = 0; Date.now() < deadline && !this.stopping; await sleep(25)) {
      const running = this.running();
      if (running) {
        this.port = running.port;
        const client = await this.tryConnect();
        if (client) return client;
      } else if (!this.child || hasEnded(this.child)) {
        if (this.child && ++failures === 5) break;
        if (this.child) await sleep(failures * 200); // a port just taken, or processes of a killed server still leaving
        this.child = this.spawnServer((this.port = givenOut ?? (await freePort())));
      }
    }
    throw new StartError(`PostgreSQL does not start (${this.lastFailure()}); its log is ${this.log}.`);
  }

  private async tryConnect(): Promise<Client | undefined> {
    const connectionString = this.url('postgres', this.password, 'postgres');
    const client = new Client({
      connectionString,
      application_name: `process ${process.pid}`,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => undefined); // followed by 'end'
    try {
      await client.connect();
      return client;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      const refused = code?.startsWith('28');
      if (refused) throw new StartError(`The server on ${this.folder} turns the program away: ${message}.`);
      return undefined; // starting up, or shutting down
    }
  }

  private spawnServer(port: number): ChildProcess {
    const settings = [...SERVER_SETTINGS, ...(this.durable ? [] : UNSAFE_SETTINGS)].flatMap((setting) => [
      '-c',
      setting,
    ]);
    const stalePid = this.pidFile()?.pid;
    // The server takes a process of this number for no rival: the number in its own old file now means another program.
    const env = stalePid ? { ...process.env, PG_GRANDPARENT_PID: String(stalePid) } : process.env;
    const log = openSync(this.log, 'a');
    try {
      return this.programs.startServer(['-D', this.folder, '-p', String(port), ...settings], log, env);
    } finally {
      closeSync(log);
    }
  }

  private running(): { pid: number; port: number } | undefined {
    const found = this.pidFile();
    return found && isServer(found.pid, this.folder) ? found : undefined;
  }

  /** `postmaster.pid`: process, folder, start time, port, one a line. */
  private pidFile(): { pid: number; port: number } | undefined {
    const file = join(this.folder, 'postmaster.pid');
    if (!existsSync(file)) return undefined;
    const lines = readFileSync(file, 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]) };
  }

  private lastFailure(): string {
    const lines = existsSync(this.log) ? readFileSync(this.log, 'utf8').trim().split('\n') : [];
    return (
      lines.findLast((line) => /FATAL|PANIC|error:/.test(line))?.replace(/^.*?(FATAL|PANIC): +/, '') ??
      'without a reason'
    );
  }

  /** For an exit that waits for nothing: the server then closes by itself. One of another program is left alone. */
  private readonly interrupt = (): void => {
    const pid = this.locked ? this.running()?.pid : this.child && !hasEnded(this.child) && this.child.pid;
    if (pid) process.kill(pid, 'SIGINT');
  };
}

/** What starts that were cut short have left. */
function removeDrafts(dataDir: string): void {
  const drafts = readdirSync(dataDir).filter((name) => name.startsWith(DRAFT));
  for (const draft of drafts) rmSync(join(dataDir, draft), { recursive: true, force: true });
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [PROGRAM_LOCK]);
  return rows[0]?.locked ?? false;
}

async function lockHolder(client: Client): Promise<string> {
  const { rows } = await client.query<{ application_name: string }>(
    `select application_name from pg_locks join pg_stat_activity using (pid) where locktype = 'advisory' and objid = $1`,
    [PROGRAM_LOCK],
  );
  return rows[0]?.application_name ?? 'another process';
}

async function createRoleAndDatabase(client: Client, appPassword: string): Promise<void> {
  const { rows } = await client.query<{ role: boolean; database: boolean }>(
    `select exists (select from pg_roles where rolname = $1) as role,
            exists (select from pg_database where datname = $2) as database`,
    [APP_ROLE, DATABASE],
  );
  if (!rows[0]?.role) await client.query('create role crm_app login');
  await client.query('alter role crm_app password ' + escapeLiteral(appPassword));
  if (!rows[0]?.database) await client.query('create database crm');
}

/** Whether the process lives and is the server of this folder: numbers are used again. */
function isServer(pid: number, folder: string): boolean {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
