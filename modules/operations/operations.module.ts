import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module';
import { LedgerModule } from '../ledger/ledger.module';
import { MetricsModule } from '../metrics/metrics.module';
import { WebModule } from '../web/web.module';
import { HealthController } from './health.controller';
import { IntegrityController } from './integrity.controller';
import { JobsController } from './jobs.controller';
import { MetricsController } from './metrics.controller';
import { SealingService } from './sealing.service';

/** What those who run the program look at, and what runs by itself. */
@Module({
  imports: [JobsModule, LedgerModule, MetricsModule, WebModule],
  providers: [SealingService],
  controllers: [HealthController, IntegrityController, JobsController, MetricsController],
})
export class OperationsModule {}
