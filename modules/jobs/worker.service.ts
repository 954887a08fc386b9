import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { violatedConstraint } from '../kernel/query';
import { Refusal } from '../kernel/refusal';
import { PROGRAM_OPTIONS } from '../options';
import type { PartnerProgramOptions } from '../options';
import { claimJob, claimJobs, completeJobs, leaseJob, postponeJob } from './jobs.queries';
import type { ClaimedJob } from './jobs.queries';
import { JobsService } from './jobs.service';
import type { ErrandHandler, JobHandler } from './jobs.service';
import { PostgresBell } from './postgres-bell.service';

/** Looks for due jobs at least this often, whether or not a bell rang. */
const LOOK_EVERY_MS = 1_000;
const MAX_ATTEMPTS = 8;
/** How long an errand may take before another worker takes it over. */
const LEASE_SECONDS = 300;

/**
 * Does the jobs: claims a batch, runs its handler and completes it in one transaction, so that a job is done
 * exactly as often as its effects are committed: once.
 */
@Injectable()
export class JobWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(JobWorker.name);
  private running?: Promise<void>;
  private rung = false;
  private stopping = false;
  private wake: () => void = () => undefined;

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly jobs: JobsService,
    private readonly bell: PostgresBell,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.options.worker === false) return;
    await this.bell.start(() => this.ring());
    this.running = this.loop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.ring();
    await this.running;
    if (this.options.worker !== false) await this.bell.stop();
  }

  /** Does everything that is due now. @returns the number of jobs done or written off */
  async drain(): Promise<number> {
    let total = 0;
    for (let round = -1; round !== total && !this.stopping; ) {
      round = total;
      for (const handler of this.jobs.handlers) {
        total += 'perform' in handler ? await this.runErrand(handler) : await this.runBatch(handler);
      }
    }
    return total;
  }

  private ring(): void {
    this.rung = true;
    this.wake();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      this.rung = false;
      try {
        await this.drain();
      } catch (error) {
        this.logger.error(`Jobs could not be looked for: ${(error as Error).message}`);
        await this.sleep();
      }
      if (!this.rung) await this.sleep();
    }
  }

  private sleep(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.stopping) this.wake();
    });
  }

  private async runBatch(handler: JobHandler): Promise<number> {
    let claimed: ClaimedJob[] = [];
    try {
      await this.db.transaction('READ COMMITTED', async (tx) => {
        if (!(await takesTurn(tx, handler))) return;
        claimed = await claimJobs(tx, handler.kind, handler.batchSize);
        await doJobs(tx, handler, claimed);
      });
    } catch (error) {
      if (claimed.length === 0) throw error;
      if (claimed.length === 1) await this.writeDown(claimed[0]!, error);
      else for (const { id } of claimed) await this.runAlone(handler, id);
    }
    return claimed.length;
  }

  private async runAlone(handler: JobHandler, id: string): Promise<void> {
    let job: ClaimedJob | undefined;
    try {
      await this.db.transaction('READ COMMITTED', async (tx) => {
        if (!(await takesTurn(tx, handler))) return;
        job = await claimJob(tx, id);
        if (job) await doJobs(tx, handler, [job]);
      });
    } catch (error) {
      if (!job) throw error;
      await this.writeDown(job, error);
    }
  }

  private async runErrand(handler: ErrandHandler): Promise<number> {
    const job = await leaseJob(this.db.manager, handler.kind, LEASE_SECONDS);
    if (!job) return 0;
    try {
      await handler.perform(job);
      await completeJobs(this.db.manager, [job.id]);
    } catch (error) {
      await this.writeDown(job, error);
    }
    return 1;
  }

  private async writeDown({ id, key, attempts }: ClaimedJob, error: unknown): Promise<void> {
    const dead = isHopeless(error) || attempts + 1 >= MAX_ATTEMPTS;
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.logger.error(`Job ${key} failed${dead ? ' for good' : ''} (attempt ${attempts + 1}): ${message}`);
    const delaySeconds = 2 ** attempts * (0.5 + Math.random());
    await postponeJob(this.db.manager, id, { error: message.slice(0, 4_000), delaySeconds, dead });
  }
}

async function doJobs(tx: EntityManager, handler: JobHandler, claimed: readonly ClaimedJob[]): Promise<void> {
  if (claimed.length === 0) return;
  await handler.run(tx, claimed);
  await completeJobs(
    tx,
    claimed.map(({ id }) => id),
  );
}

/** The turn is held until the transaction ends, so a worker that dies gives it back. */
async function takesTurn(tx: EntityManager, { soloLock }: JobHandler): Promise<boolean> {
  if (soloLock === undefined) return true;
  const [row] = await tx.query<{ taken: boolean }[]>('select pg_try_advisory_xact_lock($1) as taken', [soloLock]);
  return row!.taken;
}

/** A refusal or a rule of the database answers the same at every further attempt. */
function isHopeless(error: unknown): boolean {
  return error instanceof Refusal || violatedConstraint(error) !== undefined;
}
