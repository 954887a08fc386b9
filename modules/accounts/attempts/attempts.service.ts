import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Refusal } from '../../kernel/refusal';
import type { RateLimit } from '../../web/rate-limit.interceptor';
import { forgetAttempts, giveBackAttempt, spentSeconds, takeAttempt } from './attempts.queries';
import type { AttemptLimit } from './attempts.queries';

/**
 * Counts attempts in PostgreSQL, for all processes together. Whom they are counted for is stored as a hash: addresses of
 * people who are nobody here are not ours to keep.
 */
@Injectable()
export class AttemptsService {
  constructor(@InjectDataSource() private readonly db: DataSource) {}

  /** @throws Refusal TOO_MANY_ATTEMPTS (`retryAfterSeconds`) */
  async take(limit: AttemptLimit, whom: string): Promise<void> {
    const { taken, waitSeconds } = await takeAttempt(this.db.manager, keyOf(limit, whom), limit);
    if (!taken) throw new Refusal('TOO_MANY_ATTEMPTS', { retryAfterSeconds: Math.max(1, waitSeconds ?? 1) });
  }

  /** The same without a refusal, where nobody must see the difference. */
  async mayTake(limit: AttemptLimit, whom: string): Promise<boolean> {
    return (await takeAttempt(this.db.manager, keyOf(limit, whom), limit)).taken;
  }

  /** What is left; for limits of one's own only. */
  async left(limit: AttemptLimit, whom: string): Promise<RateLimit> {
    const { name, burst, secondsEach } = limit;
    const resetSeconds = await spentSeconds(this.db.manager, keyOf(limit, whom));
    const remaining = Math.max(0, Math.floor(burst - resetSeconds / secondsEach));
    return { name, quota: burst, windowSeconds: burst * secondsEach, remaining, resetSeconds };
  }

  /** What was taken in advance was no failure. */
  giveBack(limit: AttemptLimit, whom: string): Promise<void> {
    return giveBackAttempt(this.db.manager, keyOf(limit, whom), limit);
  }

  forget(limit: AttemptLimit, whom: string): Promise<void> {
    return forgetAttempts(this.db.manager, keyOf(limit, whom));
  }
}

function keyOf({ name }: AttemptLimit, whom: string): string {
  return `${name}:${createHash('sha256').update(whom).digest('hex')}`;
}
