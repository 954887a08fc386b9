import { Get, HttpStatus, Logger, Res } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import { JobsService } from '../jobs/jobs.service';
import { Open, ProgramController } from '../web/program-controller';
import { migrationState } from './migrations.queries';

/** Jobs are looked for every second: one that has waited so long found no worker, or one that is overrun. */
const BEHIND_SECONDS = 60;
const RETRY_AFTER_SECONDS = 5;

interface Readiness {
  readonly status: 'ok' | 'stopping' | 'unavailable';
  readonly database: 'up' | 'down';
  readonly migrations?: 'done' | 'pending';
  readonly worker?: 'ok' | 'behind';
}

/**
 * For load balancers and supervisors: whether the process answers, and whether requests should be sent to it. Open to
 * everybody, so it tells states, and neither numbers nor reasons: those are in the metrics and the logs.
 */
@ProgramController('health')
@Open()
export class HealthController implements OnModuleDestroy {
  private readonly logger = new Logger(HealthController.name);
  private stopping = false;

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly jobs: JobsService,
  ) {}

  /** The first thing that is called: whoever delays the rest of the shutdown gives load balancers time to see it. */
  onModuleDestroy(): void {
    this.stopping = true;
  }

  @Get('live')
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const readiness = await this.readiness();
    if (readiness.status !== 'ok') {
      response.status(HttpStatus.SERVICE_UNAVAILABLE).setHeader('retry-after', RETRY_AFTER_SECONDS);
    }
    return readiness;
  }

  /** A worker that is behind keeps nobody from answering requests: it is told, and is no reason to send none here. */
  private async readiness(): Promise<Readiness> {
    try {
      if ((await migrationState(this.db.manager)).pending.length > 0) {
        return { status: 'unavailable', database: 'up', migrations: 'pending' };
      }
      const counts = await this.jobs.counts();
      const behind = counts.some(({ oldestDueSeconds }) => oldestDueSeconds > BEHIND_SECONDS);
      return {
        status: this.stopping ? 'stopping' : 'ok',
        database: 'up',
        migrations: 'done',
        worker: behind ? 'behind' : 'ok',
      };
    } catch (error) {
      this.logger.warn(`Not ready: ${(error as Error).message}`);
      return { status: 'unavailable', database: 'down' };
    }
  }
}
