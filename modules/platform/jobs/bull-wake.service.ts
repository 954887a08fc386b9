import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { Queue } from 'bull';
import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { currentTime } from '../../kernel/clock';
import type { WakeSource } from './wake-source';

/** Nothing waits longer for Redis. */
const PATIENCE_MS = 500;
const MAX_RECONNECT_MS = 5_000;
/** Wake-ups that all processes hear within this time are one. */
const MOMENT_MS = 50;

/**
 * Hands the wake-ups of another source to one of all processes that share a Redis, so that one commit wakes one worker
 * instead of each. Redis holds no job of the program: while it is away, every process listens to the other source.
 * @see F6 F7 F8 F9 F10
 */
export class BullWake implements WakeSource {
  private readonly logger = new Logger(BullWake.name);
  private readonly clients: Redis[] = [];
  private queue?: Queue;
  private away = false;
  private stopped = false;

  constructor(
    private readonly redisUrl: string,
    private readonly db: DataSource,
    private readonly other: WakeSource,
  ) {}

  async start(wake: () => void): Promise<void> {
    const { Bull, Redis } = await packages();
    const queue = new Bull('wake', {
      prefix: `partner-program:${await installation(this.db)}`,
      createClient: (type) => this.connect(Redis, type),
    });
    this.queue = queue;
    queue.on('error', (error) => this.lost(error));
    void queue.process(() => Promise.resolve(wake())).catch((error: Error) => this.lost(error));
    await this.other.start(() => void this.pass(wake));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.other.stop();
    await within(PATIENCE_MS, this.queue?.close(true)).catch(() => undefined);
    for (const client of this.clients) client.disconnect();
  }

  private async pass(wake: () => void): Promise<void> {
    try {
      if (this.clients.some(({ status }) => status !== 'ready')) return wake();
      const jobId = `wake-${Math.floor(currentTime().getTime() / MOMENT_MS)}`;
      await within(PATIENCE_MS, this.queue?.add({}, { jobId, removeOnComplete: true, removeOnFail: true }));
    } catch {
      wake();
    }
  }

  private connect(Client: typeof Redis, type: string): Redis {
    const client = new Client(this.redisUrl, {
      maxRetriesPerRequest: null,
      enableReadyCheck: type === 'client',
      retryStrategy: (attempts) => (this.stopped ? null : Math.min(attempts * 200, MAX_RECONNECT_MS)),
    });
    client.on('error', (error: Error) => this.lost(error));
    client.on('ready', () => (this.away = false));
    client.on('connect', () => this.stopped && client.disconnect()); // Bull reconnects one while it closes
    this.clients.push(client);
    return client;
  }

  private lost(error: Error): void {
    if (!this.away && !this.stopped)
      this.logger.warn(`Redis does not answer; PostgreSQL wakes the worker instead: ${error.message}`);
    this.away = true;
  }
}

/** Loaded only where Redis is used: a host without it need not install them. @throws naming what to install */
async function packages() {
  try {
    const [bull, ioredis] = [await import('bull'), await import('ioredis')];
    return { Bull: bull.default, Redis: ioredis.Redis };
  } catch (error) {
    throw new Error('The option `redisUrl` needs two more packages: npm install bull ioredis', { cause: error });
  }
}

/** Programs that share a Redis do not ring for each other. */
async function installation(db: DataSource): Promise<string> {
  const [row] = await db.query<{ name: string }[]>(
    `select system_identifier || ' ' || current_database() as name from pg_control_system()`,
  );
  return createHash('sha256').update(row!.name).digest('hex').slice(0, 16);
}

function within<T>(ms: number, work: Promise<T> | undefined): Promise<T | undefined> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ms} ms`)), ms);
  });
  return Promise.race([Promise.resolve(work), late]).finally(() => clearTimeout(timer));
}
