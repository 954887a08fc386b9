import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module';
import { MetricsModule } from '../metrics/metrics.module';
import { WebModule } from '../web/web.module';
import { HealthController } from './health.controller';
import { JobsController } from './jobs.controller';
import { MetricsController } from './metrics.controller';

/** What those who run the program look at. */
@Module({
  imports: [JobsModule, MetricsModule, WebModule],
  controllers: [HealthController, JobsController, MetricsController],
})
export class OperationsModule {}
