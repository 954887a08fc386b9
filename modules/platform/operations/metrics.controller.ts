import { createHash, timingSafeEqual } from 'node:crypto';
import { Get, Headers, Inject, Logger, Res } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { Response } from 'express';
import { collectDefaultMetrics } from 'prom-client';
import { Refusal } from '../../kernel/refusal';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { JobsService } from '../jobs/jobs.service';
import { Metrics } from '../metrics/metrics.service';
import { Open, ProgramController } from '../web/program-controller';

const TOKEN_LENGTH = 16;

/** What Prometheus reads, for whoever has the token of the options; without one there is nothing here. @see F84 */
@ProgramController('metrics')
@Open()
export class MetricsController implements OnModuleInit {
  private readonly logger = new Logger(MetricsController.name);

  constructor(
    private readonly metrics: Metrics,
    private readonly jobs: JobsService,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
  ) {}

  onModuleInit(): void {
    const { metrics } = this.options;
    if (metrics && metrics.token.length < TOKEN_LENGTH) {
      throw new Error(`The partner program's metrics.token must have at least ${TOKEN_LENGTH} characters.`);
    }
    if (metrics?.process) collectDefaultMetrics({ register: this.metrics.registry });
  }

  @Get()
  async read(@Headers('authorization') authorization: string | undefined, @Res() response: Response): Promise<void> {
    const token = this.options.metrics?.token;
    if (token === undefined) throw new Refusal('NOT_FOUND');
    if (!isSame(authorization ?? '', `Bearer ${token}`)) throw new Refusal('UNAUTHENTICATED');
    await this.readJobs();
    // Express would put its own charset behind the version that the type carries.
    response.setHeader('content-type', this.metrics.registry.contentType);
    response.end(await this.metrics.registry.metrics());
  }

  /** Without the database the rest is still worth reading, and no stale number is told. */
  private async readJobs(): Promise<void> {
    const { databaseUp, jobs, oldestDueJob } = this.metrics;
    jobs.reset();
    oldestDueJob.reset();
    try {
      for (const { kind, due, scheduled, dead, oldestDueSeconds } of await this.jobs.counts()) {
        jobs.set({ kind, state: 'due' }, due);
        jobs.set({ kind, state: 'scheduled' }, scheduled);
        jobs.set({ kind, state: 'dead' }, dead);
        oldestDueJob.set({ kind }, oldestDueSeconds);
      }
      databaseUp.set(1);
    } catch (error) {
      this.logger.warn(`The jobs cannot be counted: ${(error as Error).message}`);
      databaseUp.set(0);
    }
  }
}

/** Takes as long for any wrong one. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
