import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module';
import { LedgerModule } from '../ledger/ledger.module';
import { WebModule } from '../web/web.module';
import { IntegrityController } from './integrity.controller';
import { JobsController } from './jobs.controller';
import { SealingService } from './sealing.service';

/** What those who run the program look at, and what runs by itself. */
@Module({
  imports: [JobsModule, LedgerModule, WebModule],
  providers: [SealingService],
  controllers: [IntegrityController, JobsController],
})
export class OperationsModule {}
