import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { JobsService } from '../../jobs/jobs.service';
import { forget, RETENTIONS } from './retention.queries';

const DAY_SECONDS = 86_400;
const BATCH_SIZE = 10_000;

/** Forgets, once a day, what is about people and of no use any more; nothing that anybody could still look for. */
@Injectable()
export class RetentionService implements OnModuleInit {
  constructor(private readonly jobs: JobsService) {}

  onModuleInit(): void {
    this.jobs.register({
      kind: 'retention',
      everySeconds: DAY_SECONDS,
      batchSize: 1,
      run: (tx) => this.forgetOld(tx),
    });
  }

  async forgetOld(tx: EntityManager): Promise<void> {
    for (const retention of RETENTIONS) {
      while ((await forget(tx, retention, BATCH_SIZE)) === BATCH_SIZE);
    }
  }
}
