import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MetricsModule } from '../metrics/metrics.module';
import { Account } from './account.entity';
import { Entry } from './entry.entity';
import { IntegrityService } from './integrity.service';
import { LedgerService } from './ledger.service';
import { PostingCounts } from './posting-counts.service';
import { Seal } from './seal.entity';
import { LedgerTransaction } from './transaction.entity';

@Module({
  imports: [TypeOrmModule.forFeature([Account, LedgerTransaction, Entry, Seal]), MetricsModule],
  providers: [LedgerService, IntegrityService, PostingCounts],
  exports: [LedgerService, IntegrityService, PostingCounts],
})
export class LedgerModule {}
