import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { JobsService } from '../../jobs/jobs.service';
import { forgetKeys } from './idempotency.queries';

const KEPT_DAYS = 30;
const DAY_SECONDS = 86_400;

/** Forgets the keys of requests that nobody repeats any more. */
@Injectable()
export class IdempotencyService implements OnModuleInit {
  constructor(private readonly jobs: JobsService) {}

  onModuleInit(): void {
    this.jobs.register({
      kind: 'idempotency-keys',
      everySeconds: DAY_SECONDS,
      batchSize: 1,
      run: (tx) => forgetKeys(tx, KEPT_DAYS),
    });
  }
}
