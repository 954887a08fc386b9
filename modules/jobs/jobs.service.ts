import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addJobs } from './jobs.queries';
import type { ClaimedJob, NewJob } from './jobs.queries';

/** How jobs of one kind are done in the database, within the transaction that completes them: exactly once. */
export interface JobHandler<Payload = unknown> {
  readonly kind: string;
  /** How many are done in one transaction. A failing batch is repeated job by job. */
  readonly batchSize: number;
  /** With it, one worker at a time does jobs of this kind, whatever the number of processes. */
  readonly soloLock?: number;
  /** Nothing in it may reach outside the database. */
  run(tx: EntityManager, jobs: readonly ClaimedJob<Payload>[]): Promise<void>;
}

/**
 * How jobs of one kind are done outside the database (a mail, a web hook): after the claim is committed, so that no
 * transaction waits for the world. A worker that dies in between leaves the job to be repeated after the lease.
 */
export interface ErrandHandler<Payload = unknown> {
  readonly kind: string;
  perform(job: ClaimedJob<Payload>): Promise<void>;
}

@Injectable()
export class JobsService {
  /** In the order of registration, which is the order in which a worker looks. */
  readonly handlers: (JobHandler | ErrandHandler)[] = [];

  /** Adds jobs to the caller's transaction: they exist when it commits, and never otherwise. */
  add(tx: EntityManager, ...jobs: readonly NewJob[]): Promise<void> {
    return jobs.length === 0 ? Promise.resolve() : addJobs(tx, jobs);
  }

  /** Called by a feature when the module starts. */
  register<Payload>(handler: JobHandler<Payload> | ErrandHandler<Payload>): void {
    if (this.handlers.some(({ kind }) => kind === handler.kind)) {
      throw new Error(`Two handlers for jobs of kind ${handler.kind}`);
    }
    this.handlers.push(handler as JobHandler | ErrandHandler);
  }
}
