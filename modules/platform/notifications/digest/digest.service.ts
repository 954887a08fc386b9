import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { JobsService } from '../../jobs/jobs.service';
import { advanceDigest, notifyOfCommissions } from './digest.queries';

const EVERY_SECONDS = 3_600;

/**
 * Sums commissions up: once an hour, each partner is notified of in one notification what the last hour came to, taken back
 * included. Nothing of it runs where commissions are calculated. One worker calculates at a time and numbers its
 * calculations as it commits them, so that none appears below one that was summed.
 */
@Injectable()
export class DigestService implements OnModuleInit {
  constructor(private readonly jobs: JobsService) {}

  onModuleInit(): void {
    this.jobs.register({
      kind: 'digestCommissions',
      everySeconds: EVERY_SECONDS,
      batchSize: 1,
      run: (tx) => this.digest(tx),
    });
  }

  private async digest(tx: EntityManager): Promise<void> {
    const stretch = await advanceDigest(tx);
    await notifyOfCommissions(tx, stretch);
    this.jobs.wakeAfter(tx);
  }
}
