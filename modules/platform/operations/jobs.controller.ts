import { Get, Param, Post, Query } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { attributeChanges } from '../audit/audit.queries';
import { JobsService } from '../jobs/jobs.service';
import type { Actor } from '../web/access/actor';
import { Me, Page, ProgramController, Requires } from '../web/program-controller';
import { JobsQueryDto } from './jobs.dto';

/** Jobs that failed for good wait here for somebody to remove the cause. */
@ProgramController('jobs')
@Requires('configure')
export class JobsController {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly jobs: JobsService,
  ) {}

  @Get()
  @Page('jobs/jobs')
  list(@Query() { status = 'dead', cursor, limit = 25 }: JobsQueryDto) {
    return this.jobs.list(status, { cursor, limit });
  }

  @Post(':id/retry')
  @Page('jobs/jobs', { form: 'list', redirect: '/partner-program/jobs?done=retried' })
  async retry(@Me() me: Actor, @Param('id') id: string) {
    await this.db.transaction(async (tx) => {
      await attributeChanges(tx, me);
      await this.jobs.retry(tx, id);
    });
    return { id, status: 'waiting' };
  }
}
