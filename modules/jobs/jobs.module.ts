import { Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { MetricsModule } from '../metrics/metrics.module';
import { PROGRAM_OPTIONS } from '../options';
import type { PartnerProgramOptions } from '../options';
import { BELL } from './bell';
import type { Bell } from './bell';
import { BullBell } from './bull-bell.service';
import { Job } from './job.entity';
import { JobsService } from './jobs.service';
import { PostgresBell } from './postgres-bell.service';
import { PurgeService } from './purge.service';
import { JobWorker } from './worker.service';

@Module({
  imports: [TypeOrmModule.forFeature([Job]), MetricsModule],
  providers: [
    JobsService,
    JobWorker,
    PostgresBell,
    PurgeService,
    {
      provide: BELL,
      inject: [PROGRAM_OPTIONS, getDataSourceToken(), PostgresBell],
      useFactory: ({ redisUrl }: PartnerProgramOptions, db: DataSource, postgres: PostgresBell): Bell =>
        redisUrl === undefined ? postgres : new BullBell(redisUrl, db, postgres),
    },
  ],
  exports: [JobsService, JobWorker],
})
export class JobsModule {}
