import { Get, Param, Post, Query } from '@nestjs/common';
import { JobsService } from '../jobs/jobs.service';
import { Page, ProgramController, Requires } from '../web/program-controller';
import { JobsQueryDto } from './jobs.dto';

/** Jobs that failed for good wait here for somebody to remove the cause. */
@ProgramController('jobs')
@Requires('configure')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @Get()
  @Page('jobs/jobs')
  list(@Query() { status = 'dead', cursor, limit = 25 }: JobsQueryDto) {
    return this.jobs.list(status, { cursor, limit });
  }

  @Post(':id/retry')
  @Page('jobs/jobs', { redirect: '/partner-program/jobs' })
  async retry(@Param('id') id: string) {
    await this.jobs.retry(id);
    return { id, status: 'waiting' };
  }
}
