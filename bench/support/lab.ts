import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { createApp } from '../../src/create-app';
import { APP_ROLE, EmbeddedPostgres } from '../../src/database/embedded-postgres';
import { migrate } from '../../src/database/migrate';
import { CpuMeter } from './cpu';

/** The real application over a server of its own, which is thrown away with everything in it. */
export interface Lab {
  readonly nest: NestExpressApplication;
  /** The application's connections, as its role. */
  readonly db: DataSource;
  /** The superuser's one connection: makes the data, copies tables, checks the ledger. */
  readonly owner: Client;
  readonly ownerUrl: string;
  readonly cpu: CpuMeter;
  /** A further raw connection, as the superuser, so that the floors pay for no access check we would not. */
  connect(): Promise<Client>;
  close(): Promise<void>;
}

export async function openLab(): Promise<Lab> {
  const dataDir = mkdtempSync(join(tmpdir(), 'partner-program-bench-'));
  chmodSync(dataDir, 0o755);
  const server = await EmbeddedPostgres.start({ dataDir });
  await migrate(server.ownerUrl, APP_ROLE);
  const nest = await createApp({
    port: 0,
    dataDir,
    databaseUrl: server.appUrl,
    publicUrl: 'http://localhost',
    sessionSecret: 'nobody logs in to the benchmark, ever',
    logFormat: 'text',
    logLevel: 'error',
    production: false,
    pool: { size: 20, waitMs: 30_000 },
    migrate: false,
    worker: false,
    privateWebhooks: false,
    shutdownDelaySeconds: 0,
  });
  await nest.init();
  keepConnections(nest.get(DataSource));
  const clients: Client[] = [];
  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: server.ownerUrl });
    await client.connect();
    clients.push(client);
    return client;
  };
  const owner = await connect();
  await waitForDisk(owner, Number(process.env.BENCH_COMMIT_DELAY ?? 0));
  return {
    nest,
    db: nest.get(DataSource),
    owner,
    cpu: await CpuMeter.of(owner),
    ownerUrl: server.ownerUrl,
    connect,
    async close() {
      await nest.close();
      await Promise.all(clients.map((client) => client.end()));
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Lets every commit wait like on a slow disk; µs. */
async function waitForDisk(owner: Client, delay: number): Promise<void> {
  await owner.query(`alter system set commit_delay = ${delay}`);
  await owner.query('alter system set commit_siblings = 0');
  await owner.query('select pg_reload_conf()');
}

/**
 * The pool closes connections that lie idle for ten seconds, which here they do while others are measured: the next
 * slice would pay for sixteen logins, and the CPU of those that ended would be lost.
 */
export function keepConnections(db: DataSource): void {
  const { master } = db.driver as unknown as { master: { options: { idleTimeoutMillis: number } } };
  master.options.idleTimeoutMillis = 0;
}

/**
 * Raw connections for the writers of a floor or a peer. Like ours they plan by index from the start: a plan made while
 * the tables are empty is kept when they have grown.
 */
export function connections(lab: Lab, count: number): Promise<Client[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const client = await lab.connect();
      await client.query('set enable_seqscan = off');
      return client;
    }),
  );
}
