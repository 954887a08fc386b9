import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { JobsService } from '../../platform/jobs/jobs.service';
import { sealTransactions } from './seal.queries';

const EVERY_SECONDS = 60;
const SEAL_SIZE = 1_000;
/** What is left after so many seals waits for the next time. */
const MAX_SEALS = 50;

/** Seals what the ledger took in, a minute after it at the latest and never while it is taken in. @see L3 */
@Injectable()
export class SealingService implements OnModuleInit {
  constructor(private readonly jobs: JobsService) {}

  onModuleInit(): void {
    this.jobs.register({
      kind: 'seal',
      everySeconds: EVERY_SECONDS,
      batchSize: 1,
      run: async (tx) => {
        for (let seals = 0; seals < MAX_SEALS && (await sealTransactions(tx, SEAL_SIZE)) === SEAL_SIZE;) seals++;
      },
    });
  }
}
