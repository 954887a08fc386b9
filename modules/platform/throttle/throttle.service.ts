import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Refusal } from '../../kernel/refusal';
import type { RateLimit } from '../web/request/rate-limit.interceptor';
import { Throttle } from './throttle.entity';
import { giveOneBack, spentSeconds, takeOne } from './throttle.queries';
import type { Rate } from './throttle.queries';

/** How often something may be done; every room keeps its own beside it. */
export interface Limit extends Rate {
  readonly name: string;
}

/**
 * Counts in PostgreSQL, for all processes together. Whom something is counted for is stored as a hash: addresses of
 * people who are nobody here are not ours to keep.
 */
@Injectable()
export class ThrottleService {
  constructor(@InjectDataSource() private readonly db: DataSource) {}

  /** @throws Refusal TOO_MANY_ATTEMPTS (`retryAfterSeconds`) */
  async take(limit: Limit, whom: string): Promise<void> {
    const retryAfterSeconds = await this.tryTake(limit, whom);
    if (retryAfterSeconds > 0) throw new Refusal('TOO_MANY_ATTEMPTS', { retryAfterSeconds });
  }

  /**
   * Like `take`, for limits with a refusal of their own, and where a refusal would tell that an account exists.
   *
   * @param tx      what is rolled back with it costs nothing
   * @returns 0 when it was taken, else in how many seconds it can be
   */
  async tryTake(limit: Limit, whom: string, tx: EntityManager = this.db.manager): Promise<number> {
    const { taken, waitSeconds } = await takeOne(tx, keyOf(limit, whom), limit);
    return taken ? 0 : Math.max(1, waitSeconds ?? 1);
  }

  /** What is left; only for limits that nobody but the asker uses up. */
  async left(limit: Limit, whom: string): Promise<RateLimit> {
    const { name, burst, secondsEach } = limit;
    const resetSeconds = await spentSeconds(this.db.manager, keyOf(limit, whom));
    const remaining = Math.max(0, Math.floor(burst - resetSeconds / secondsEach));
    return { name, quota: burst, windowSeconds: burst * secondsEach, remaining, resetSeconds };
  }

  /** What was taken in advance did not count after all. */
  giveBack(limit: Limit, whom: string): Promise<void> {
    return giveOneBack(this.db.manager, keyOf(limit, whom), limit);
  }

  async forget(limit: Limit, whom: string): Promise<void> {
    await this.db.manager.delete(Throttle, { key: keyOf(limit, whom) });
  }
}

function keyOf({ name }: Limit, whom: string): string {
  return `${name}:${createHash('sha256').update(whom).digest('hex')}`;
}
