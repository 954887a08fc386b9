import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobsModule } from '../platform/jobs/jobs.module';
import { MetricsModule } from '../platform/metrics/metrics.module';
import { WebModule } from '../platform/web/web.module';
import { Account } from './account.entity';
import { Entry } from './entry.entity';
import { Holder } from './holder.entity';
import { IntegrityController } from './integrity/integrity.controller';
import { IntegrityService } from './integrity/integrity.service';
import { Seal } from './integrity/seal.entity';
import { SealingService } from './integrity/sealing.service';
import { AccountKind, HolderKind, KindOfPosting } from './kinds.entity';
import { LedgerService } from './ledger.service';
import { PostingCounts } from './posting-counts.service';
import { LedgerTransaction } from './transaction.entity';

@Module({
  imports: [
    TypeOrmModule.forFeature([HolderKind, AccountKind, KindOfPosting, Holder, Account, LedgerTransaction, Entry, Seal]),
    JobsModule,
    MetricsModule,
    WebModule,
  ],
  providers: [LedgerService, IntegrityService, PostingCounts, SealingService],
  controllers: [IntegrityController],
  exports: [LedgerService, IntegrityService],
})
export class LedgerModule {}
