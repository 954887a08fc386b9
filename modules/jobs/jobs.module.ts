import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Job } from './job.entity';
import { JobsService } from './jobs.service';
import { PostgresBell } from './postgres-bell.service';
import { JobWorker } from './worker.service';

@Module({
  imports: [TypeOrmModule.forFeature([Job])],
  providers: [JobsService, JobWorker, PostgresBell],
  exports: [JobsService, JobWorker],
})
export class JobsModule {}
