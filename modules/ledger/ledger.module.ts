import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Account } from './account.entity';
import { Entry } from './entry.entity';
import { IntegrityService } from './integrity.service';
import { LedgerService } from './ledger.service';
import { Seal } from './seal.entity';
import { LedgerTransaction } from './transaction.entity';

@Module({
  imports: [TypeOrmModule.forFeature([Account, LedgerTransaction, Entry, Seal])],
  providers: [LedgerService, IntegrityService],
  exports: [LedgerService, IntegrityService],
})
export class LedgerModule {}
