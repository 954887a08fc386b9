import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { purgeJobs } from './jobs.queries';
import { JobsService } from './jobs.service';

const KEPT_DAYS = 30;
const DAY_SECONDS = 86_400;
const BATCH_SIZE = 10_000;

/**
 * Forgets jobs that were done long ago. What they were about is remembered where it matters, by the features' own
 * tables and the ledger's keys, so that a change told again after that still counts once.
 */
@Injectable()
export class PurgeService implements OnModuleInit {
  constructor(private readonly jobs: JobsService) {}

  onModuleInit(): void {
    this.jobs.register({
      kind: 'purge',
      everySeconds: DAY_SECONDS,
      batchSize: 1,
      run: async (tx) => {
        while ((await purgeJobs(tx, KEPT_DAYS, BATCH_SIZE)) === BATCH_SIZE);
      },
    });
  }
}
