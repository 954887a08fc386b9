import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager, EntitySubscriberInterface, QueryRunner } from 'typeorm';
import type { TransactionCommitEvent } from 'typeorm/subscriber/event/TransactionCommitEvent';
import type { TransactionRollbackEvent } from 'typeorm/subscriber/event/TransactionRollbackEvent';
import { decodeCursor, sliceOf } from '../../kernel/cursor';
import type { Slice } from '../../kernel/cursor';
import { Refusal } from '../../kernel/refusal';
import { addJobs, countJobs, listJobs, reviveJob, wakeWorkers } from './jobs.queries';
import type { ClaimedJob, JobCounts, JobRow, NewJob } from './jobs.queries';

interface Handler {
  readonly kind: string;
  /** Makes the job of this kind a recurring one: done, it is due again after so long. It never dies. */
  readonly everySeconds?: number;
}

/** How jobs of one kind are done in the database, within the transaction that completes them: exactly once. */
export interface JobHandler<Payload = unknown> extends Handler {
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
export interface OutboundHandler<Payload = unknown> extends Handler {
  /** After so many failures it is dead; by default as many as for work in the database. */
  readonly maxAttempts?: number;
  /** How many a process does beside each other; one after the other where not given. */
  readonly atOnce?: number;
  /** How many of those may be of one queue, so that the slow ones of one keep no other waiting; all where not given. */
  readonly atOncePerQueue?: number;
  perform(job: ClaimedJob<Payload>): Promise<void>;
}

/** What the database can count. */
const JOB_ID = /^\d{1,18}$/;

/** Commits within this time share one wake-up. */
const MOMENT_MS = 10;

@Injectable()
export class JobsService implements EntitySubscriberInterface, OnModuleInit {
  /** In the order of registration, which is the order in which a worker looks. */
  readonly handlers: (JobHandler | OutboundHandler)[] = [];
  private readonly uncommitted = new WeakSet<QueryRunner>();
  private waking?: Promise<void>;

  constructor(@InjectDataSource() private readonly db: DataSource) {}

  onModuleInit(): void {
    this.db.subscribers.push(this);
  }

  /** Adds jobs to the caller's transaction: they exist when it commits, and never otherwise. Then the workers are woken. */
  async add(tx: EntityManager, ...jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await addJobs(tx, jobs);
    this.wakeAfter(tx);
  }

  /** Wakes the workers once the caller's transaction commits; for statements that add jobs themselves. */
  wakeAfter({ queryRunner }: EntityManager): void {
    if (queryRunner?.isTransactionActive) this.uncommitted.add(queryRunner);
    else this.wake();
  }

  afterTransactionCommit({ queryRunner }: TransactionCommitEvent): void {
    if (!queryRunner.isTransactionActive && this.uncommitted.delete(queryRunner)) this.wake();
  }

  afterTransactionRollback({ queryRunner }: TransactionRollbackEvent): void {
    if (!queryRunner.isTransactionActive) this.uncommitted.delete(queryRunner);
  }

  /**
   * Wakes the workers after the commit and not within it: transactions that send a NOTIFY commit one after the other,
   * and the host's would wait for each other. A wake-up that is lost is made good by the worker's look every second.
   */
  private wake(): void {
    this.waking ??= sleep(MOMENT_MS, undefined, { ref: false })
      .then(() => {
        this.waking = undefined;
        return wakeWorkers(this.db.manager);
      })
      .catch(() => undefined);
  }

  /** Called by a feature when the module starts. */
  register<Payload>(handler: JobHandler<Payload> | OutboundHandler<Payload>): void {
    if (this.handlers.some(({ kind }) => kind === handler.kind)) {
      throw new Error(`Two handlers for jobs of kind ${handler.kind}`);
    }
    this.handlers.push(handler);
  }

  /** Jobs of a status, the newest first. @throws Refusal INVALID_INPUT for a cursor that is none */
  async list(status: JobRow['status'], { cursor, limit }: { cursor?: string; limit: number }): Promise<Slice<JobRow>> {
    const [before] = cursor === undefined ? [null] : decodeCursor(cursor, 1).map(String);
    if (before && !JOB_ID.test(before)) throw new Refusal('INVALID_INPUT', { field: 'cursor' });
    const rows = await listJobs(this.db.manager, { status, before: before ?? null, limit: limit + 1 });
    return sliceOf(rows, limit, ({ id }) => [id]);
  }

  /** How the jobs stand, for every kind that is known here. */
  counts(): Promise<JobCounts[]> {
    return countJobs(
      this.db.manager,
      this.handlers.map(({ kind }) => kind),
    );
  }

  /** Has a dead job tried again, from its first attempt on. @throws Refusal NOT_FOUND, JOB_NOT_DEAD */
  async retry(tx: EntityManager, id: string): Promise<void> {
    const revived = JOB_ID.test(id) ? await reviveJob(tx, id) : undefined;
    if (revived === undefined) throw new Refusal('NOT_FOUND');
    if (!revived) throw new Refusal('JOB_NOT_DEAD');
  }
}
