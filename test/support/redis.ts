import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import { eventually } from './eventually';
import { freePort } from './processes';

export const redisInstalled = spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of the test's own that can be killed and comes back at the same port; it keeps nothing. */
export class RedisServer {
  private child?: ChildProcess;

  private constructor(private readonly port: number) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', tmpdir()];
    this.child = spawn('redis-server', [...place, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
    await eventually(() => this.command((redis) => redis.ping()));
  }

  async kill(): Promise<void> {
    if (!this.child) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
    this.child = undefined;
  }

  async command<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined); // the command tells
    try {
      await redis.connect();
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }
}
