import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Account } from './account.entity';
import { Entry } from './entry.entity';
import { LedgerService } from './ledger.service';
import { LedgerTransaction } from './transaction.entity';

@Module({
  imports: [TypeOrmModule.forFeature([Account, LedgerTransaction, Entry])],
  providers: [LedgerService],
  exports: [LedgerService],
})
export class LedgerModule {}
