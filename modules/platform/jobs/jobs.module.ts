import { Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { MetricsModule } from '../metrics/metrics.module';
import { BullWake } from './bull-wake.service';
import { Job } from './job.entity';
import { JobsService } from './jobs.service';
import { PostgresWake } from './postgres-wake.service';
import { WAKE_SOURCE } from './wake-source';
import type { WakeSource } from './wake-source';
import { JobWorker } from './worker.service';

@Module({
  imports: [TypeOrmModule.forFeature([Job]), MetricsModule],
  providers: [
    JobsService,
    JobWorker,
    PostgresWake,
    {
      provide: WAKE_SOURCE,
      inject: [PROGRAM_OPTIONS, getDataSourceToken(), PostgresWake],
      useFactory: ({ redisUrl }: PartnerProgramOptions, db: DataSource, postgres: PostgresWake): WakeSource =>
        redisUrl === undefined ? postgres : new BullWake(redisUrl, db, postgres),
    },
  ],
  exports: [JobsService, JobWorker],
})
export class JobsModule {}
