import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addJobs } from './jobs.queries';
import type { ClaimedJob, NewJob } from './jobs.queries';

/** How the jobs of one kind are done. A feature registers its handlers when the module starts. */
export interface JobHandler<Payload = unknown> {
  readonly kind: string;
  /** How many are done in one transaction. A failing batch is repeated job by job. */
  readonly batchSize: number;
  /** With it, one worker at a time does jobs of this kind, whatever the number of processes. */
  readonly soloLock?: number;
  /** Does the jobs in the transaction that completes them; nothing in it may reach outside the database. */
  run(tx: EntityManager, jobs: readonly ClaimedJob<Payload>[]): Promise<void>;
}

@Injectable()
export class JobsService {
  readonly handlers: JobHandler[] = [];

  /** Adds jobs to the caller's transaction: they exist when it commits, and never otherwise. */
  add(tx: EntityManager, ...jobs: readonly NewJob[]): Promise<void> {
    return jobs.length === 0 ? Promise.resolve() : addJobs(tx, jobs);
  }

  register<Payload>(handler: JobHandler<Payload>): void {
    if (this.handlers.some(({ kind }) => kind === handler.kind)) {
      throw new Error(`Two handlers for jobs of kind ${handler.kind}`);
    }
    this.handlers.push(handler as JobHandler);
  }
}
