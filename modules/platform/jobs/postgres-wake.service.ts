import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { JOBS_CHANNEL } from './jobs.queries';
import type { WakeSource } from './wake-source';

const RECONNECT_MS = 1_000;

/** Listens on a connection of its own for the NOTIFY that follows every commit with new jobs. */
@Injectable()
export class PostgresWake implements WakeSource {
  private readonly logger = new Logger(PostgresWake.name);
  /** Takes the connection out of the pool for good: what it listened to must reach nobody else. */
  private hangUp?: () => void;
  private retry?: NodeJS.Timeout;
  private deaf = false;
  private stopped = false;

  constructor(@InjectDataSource() private readonly db: DataSource) {}

  async start(wake: () => void): Promise<void> {
    try {
      await this.listen(wake);
      if (this.deaf) wake(); // for what was added meanwhile
      this.deaf = false;
    } catch (error) {
      this.startAgain(wake, error as Error);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    this.hangUp?.();
  }

  private async listen(wake: () => void): Promise<void> {
    const driver = this.db.driver as PostgresDriver;
    const [client, release] = (await driver.obtainMasterConnection()) as [PoolClient, (destroy: boolean) => void];
    const hangUp = () => {
      if (this.hangUp !== hangUp) return false;
      this.hangUp = undefined;
      client.off('notification', wake);
      release(true);
      return true;
    };
    const lost = (error?: Error) => {
      if (hangUp()) this.startAgain(wake, error ?? new Error('The connection has ended'));
    };
    this.hangUp = hangUp;
    client.on('error', lost);
    client.once('end', () => lost());
    if (this.stopped) return void hangUp();
    client.on('notification', wake);
    try {
      await client.query(`listen ${JOBS_CHANNEL}`);
    } catch (error) {
      lost(error as Error);
    }
  }

  private startAgain(wake: () => void, error: Error): void {
    if (this.stopped) return;
    if (!this.deaf) this.logger.warn(`Not hearing of new jobs, looking every second instead: ${error.message}`);
    this.deaf = true;
    this.retry = setTimeout(() => void this.start(wake), RECONNECT_MS);
  }
}
