import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, QueryFailedError } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { violatedConstraint } from '../../kernel/query';
import { redacted } from '../../kernel/redacted';
import { Refusal } from '../../kernel/refusal';
import { withRetry } from '../../kernel/transaction';
import { isTransient } from '../../kernel/transient';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { Metrics } from '../metrics/metrics.service';
import {
  claimJob,
  claimJobs,
  completeJobs,
  dueKinds,
  leaseJob,
  postponeJob,
  recallJobs,
  repeatJobs,
  addRecurringJobs,
} from './jobs.queries';
import type { ClaimedJob } from './jobs.queries';
import { JobsService } from './jobs.service';
import type { OutboundHandler, JobHandler } from './jobs.service';
import { WAKE_SOURCE } from './wake-source';
import type { WakeSource } from './wake-source';

/** Looks for due jobs at least this often, whether or not a wake rang. */
const LOOK_EVERY_MS = 1_000;
/** After so many failures of its own a job is dead. */
const MAX_ATTEMPTS = 8;
/** How long an outbound job may take before another worker takes it over. */
const LEASE_SECONDS = 300;
/** How long a worker whose turn it is may leave the database without a question. */
const STANDSTILL = '30s';

/**
 * Does the jobs: claims a batch, runs its handler and completes it in one transaction, so that a job is done
 * exactly as often as its effects are committed: once. Any number of processes share the work.
 */
@Injectable()
export class JobWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(JobWorker.name);
  private running?: Promise<void>;
  /**
   * Outbound jobs wait for the world, so they are run beside the rest, each kind by itself: a slow mail server keeps no
   * commission waiting, and a slow receiver of web hooks no mail.
   */
  private readonly outbound = new Map<string, Promise<void>>();
  private woken = false;
  private stopping = false;
  private blocked = false;
  private endSleep: () => void = () => undefined;

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly jobs: JobsService,
    @Inject(WAKE_SOURCE) private readonly wakeSource: WakeSource,
    private readonly metrics: Metrics,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.options.worker === false) return;
    const periods = this.jobs.handlers.flatMap(({ kind, everySeconds }) =>
      everySeconds === undefined ? [] : [[kind, everySeconds] as const],
    );
    await addRecurringJobs(this.db.manager, new Map(periods));
    await recallJobs(this.db.manager);
    await this.wakeSource.start(() => this.wake());
    this.running = this.loop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.endSleep();
    await this.running;
    await Promise.all(this.outbound.values());
    if (this.options.worker !== false) await this.wakeSource.stop();
  }

  /** Does everything of these kinds that is due now. @returns the number of jobs done or written off */
  async drain(handlers: readonly (JobHandler | OutboundHandler)[] = this.jobs.handlers): Promise<number> {
    const kinds = handlers.map(({ kind }) => kind);
    let total = 0;
    for (let done = -1; done !== 0 && !this.stopping; total += done) {
      done = 0;
      const due = await dueKinds(this.db.manager, kinds);
      for (const handler of handlers.filter(({ kind }) => due.has(kind))) {
        done += 'perform' in handler ? await this.runOutboundJobs(handler) : await this.runBatch(handler);
      }
    }
    return total;
  }

  /** Waits until no job is due any more, whoever of this process does it. */
  async settle(): Promise<void> {
    const kinds = this.jobs.handlers.map(({ kind }) => kind);
    for (let isFirst = true; isFirst || (await dueKinds(this.db.manager, kinds)).size > 0; isFirst = false) {
      if (!isFirst) await pause(1); // another turn of the loop holds what is due
      await this.drain();
      await Promise.all(this.outbound.values());
    }
  }

  private wake(): void {
    this.woken = true;
    this.endSleep();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      this.woken = false;
      try {
        await this.beginOutbound();
        await this.drain(this.jobs.handlers.filter((handler) => !('perform' in handler)));
        if (this.blocked) this.logger.warn('Jobs are looked for again.');
        this.blocked = false;
      } catch (error) {
        if (!this.blocked) this.logger.error(`Jobs cannot be looked for: ${(error as Error).message}`);
        this.blocked = true;
        this.woken = false; // a wake-up does not bring the database back
      }
      if (!this.woken) await this.sleep();
    }
  }

  private async beginOutbound(): Promise<void> {
    const idle = this.jobs.handlers.filter((handler) => 'perform' in handler && !this.outbound.has(handler.kind));
    const kinds = idle.map(({ kind }) => kind);
    for (const kind of await dueKinds(this.db.manager, kinds)) {
      const drained = this.drainOutbound(idle.filter((handler) => handler.kind === kind));
      this.outbound.set(
        kind,
        drained.finally(() => this.outbound.delete(kind)),
      );
    }
  }

  private async drainOutbound(handlers: readonly (JobHandler | OutboundHandler)[]): Promise<void> {
    try {
      await this.drain(handlers);
    } catch (error) {
      if (!this.blocked) this.logger.error(`Outbound jobs cannot be looked for: ${(error as Error).message}`);
    }
  }

  private sleep(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY_MS);
      this.endSleep = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.stopping) this.endSleep();
    });
  }

  private async runBatch(handler: JobHandler): Promise<number> {
    const { claimed, error } = await this.attempt(handler, (tx) => claimJobs(tx, handler.kind, handler.batchSize));
    if (error === undefined) return claimed.length;
    if (claimed.length === 1) await this.writeDown(handler, claimed[0]!, error);
    else for (const { id } of claimed) await this.runAlone(handler, id);
    return claimed.length;
  }

  private async runAlone(handler: JobHandler, id: string): Promise<void> {
    const { claimed, error } = await this.attempt(handler, async (tx) => {
      const job = await claimJob(tx, id);
      return job ? [job] : [];
    });
    if (error !== undefined) await this.writeDown(handler, claimed[0]!, error);
  }

  /**
   * Claims and does jobs in one transaction, begun again some times when the database says that this may help.
   * @throws whatever kept it from claiming at all
   */
  private async attempt(
    handler: JobHandler,
    claim: (tx: EntityManager) => Promise<ClaimedJob[]>,
  ): Promise<{ claimed: ClaimedJob[]; error?: unknown }> {
    let claimed: ClaimedJob[] = [];
    try {
      await withRetry(this.db, async (tx) => {
        claimed = [];
        if (!(await takesTurn(tx, handler))) return;
        claimed = await claim(tx);
        await doJobs(tx, handler, claimed);
      });
    } catch (error) {
      if (claimed.length === 0) throw error;
      return { claimed, error };
    }
    if (claimed.length > 0) this.metrics.batches.observe({ kind: handler.kind }, claimed.length);
    return { claimed };
  }

  /** Takes outbound jobs one after the other and lets them run beside each other, until none runs and none is due. */
  private async runOutboundJobs(handler: OutboundHandler): Promise<number> {
    const { kind, atOnce = 1, atOncePerQueue } = handler;
    const running = new Map<Promise<unknown>, string | null | undefined>();
    const failures: unknown[] = [];
    try {
      for (let total = 0; ;) {
        if (failures.length > 0) throw failures[0];
        const room = running.size < atOnce && !this.stopping;
        const fullQueues = queuesWith(atOncePerQueue, running.values());
        const job = room && (await leaseJob(this.db.manager, kind, { seconds: LEASE_SECONDS, fullQueues }));
        if (job) {
          const work: Promise<unknown> = this.runOutbound(handler, job)
            .catch((error: unknown) => failures.push(error))
            .finally(() => running.delete(work));
          running.set(work, job.queue);
          total++;
        } else {
          if (running.size === 0) return total;
          // Whatever becomes due while a slow one runs does not wait for its end.
          await Promise.race([...running.keys(), pause(LOOK_EVERY_MS, undefined, { ref: false })]);
        }
      }
    } finally {
      await Promise.all(running.keys());
    }
  }

  private async runOutbound(handler: OutboundHandler, job: ClaimedJob): Promise<void> {
    try {
      await handler.perform(job);
    } catch (error) {
      return this.writeDown(handler, job, error);
    }
    await finish(this.db.manager, handler, [job], job.leasedUntil);
  }

  /** A job's own failures bring its death nearer; that the database was away or busy does not. */
  private async writeDown(handler: JobHandler | OutboundHandler, job: ClaimedJob, error: unknown): Promise<void> {
    this.metrics.jobFailures.inc({ kind: handler.kind });
    const counted = !isTransient(error) || ('perform' in handler && !isOfDatabase(error));
    const attempts = job.attempts + (counted ? 1 : 0);
    const maxAttempts = ('perform' in handler ? handler.maxAttempts : undefined) ?? MAX_ATTEMPTS;
    const hopeless = isHopeless(error) || attempts >= maxAttempts;
    const dead = counted && hopeless && handler.everySeconds === undefined;
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.logger.error(redacted(`Job ${job.key} failed${dead ? ' for good' : ''} (attempt ${attempts}): ${message}`));
    const delaySeconds = 2 ** Math.min(job.attempts, MAX_ATTEMPTS) * (0.5 + Math.random());
    await postponeJob(this.db.manager, job, { error: message.slice(0, 4_000), delaySeconds, dead, counted });
  }
}

/** The queues in which as many run as may at once. */
function queuesWith(most = Infinity, running: Iterable<string | null | undefined>): string[] {
  const counts = new Map<string, number>();
  for (const queue of running) if (queue) counts.set(queue, (counts.get(queue) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= most).map(([queue]) => queue);
}

async function doJobs(tx: EntityManager, handler: JobHandler, claimed: readonly ClaimedJob[]): Promise<void> {
  if (claimed.length === 0) return;
  await handler.run(tx, claimed);
  await finish(tx, handler, claimed);
}

async function finish(
  tx: EntityManager,
  { everySeconds }: JobHandler | OutboundHandler,
  jobs: readonly ClaimedJob[],
  leasedUntil?: Date,
): Promise<void> {
  const ids = jobs.map(({ id }) => id);
  if (everySeconds === undefined) await completeJobs(tx, ids, leasedUntil);
  else await repeatJobs(tx, ids, everySeconds, leasedUntil);
}

/**
 * The turn is held until the transaction ends, so a worker that dies gives it back. One that stands still (a blocked
 * event loop, a frozen machine) loses it: PostgreSQL ends its transaction, and what it did is undone. @see F10
 */
async function takesTurn(tx: EntityManager, { soloLock }: JobHandler): Promise<boolean> {
  if (soloLock === undefined) return true;
  const [row] = await tx.query<{ taken: boolean }[]>(
    `select pg_try_advisory_xact_lock($1) as taken, set_config('idle_in_transaction_session_timeout', $2, true)`,
    [soloLock, STANDSTILL],
  );
  return row!.taken;
}

/** A refusal or a rule of the database answers the same at every further attempt. */
function isHopeless(error: unknown): boolean {
  return error instanceof Refusal || violatedConstraint(error) !== undefined;
}

/** An outbound job goes elsewhere too: that the world refuses a connection is its own failure. */
function isOfDatabase(error: unknown): boolean {
  return error instanceof QueryFailedError;
}
