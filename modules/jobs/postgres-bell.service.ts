import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import type { Bell } from './bell';
import { JOBS_CHANNEL } from './jobs.queries';

const RECONNECT_MS = 1_000;

/** Listens for the NOTIFY that every commit with new jobs sends. */
@Injectable()
export class PostgresBell implements Bell {
  private readonly logger = new Logger(PostgresBell.name);
  private runner?: QueryRunner;
  private retry?: NodeJS.Timeout;
  private stopped = false;

  constructor(@InjectDataSource() private readonly db: DataSource) {}

  async start(ring: () => void): Promise<void> {
    if (this.stopped) return;
    const runner = this.db.createQueryRunner();
    this.runner = runner;
    try {
      const client = (await runner.connect()) as PoolClient;
      client.on('notification', ring);
      client.once('error', (error) => this.restart(runner, ring, error));
      await client.query(`listen ${JOBS_CHANNEL}`);
    } catch (error) {
      this.restart(runner, ring, error as Error);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    const runner = this.runner;
    this.runner = undefined;
    if (!runner || runner.isReleased) return;
    const client = (await runner.connect()) as PoolClient;
    client.removeAllListeners('notification');
    await client.query(`unlisten ${JOBS_CHANNEL}`).catch(() => undefined);
    await runner.release();
  }

  private restart(runner: QueryRunner, ring: () => void, error: Error): void {
    if (this.runner !== runner) return;
    this.logger.warn(`Not hearing of new jobs at once, looking every second instead: ${error.message}`);
    this.runner = undefined;
    runner.release().catch(() => undefined);
    this.retry = setTimeout(() => void this.start(ring), RECONNECT_MS);
  }
}
