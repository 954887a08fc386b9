import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { minorUnits } from '../kernel/money';
import type { Currency } from '../kernel/money';
import { Account } from './account.entity';
import { KindOfPosting } from './kinds.entity';
import type { Posting } from './posting';
import { LedgerTransaction } from './transaction.entity';

/** One leg of a transaction: so much onto (positive) or off (negative) one account. Never changed, never removed. */
@Entity({ schema: 'partner_program', name: 'entry' })
@Unique('entry_account_version_key', ['accountId', 'accountVersion'])
@Index('entry_payout', ['accountId'], { where: `kind = 'payout'` })
@Index('entry_recorded', { synchronize: false })
@ForeignKey(() => Account, ['accountId', 'currency'], ['id', 'currency'], { name: 'entry_account_fkey' })
@ForeignKey(() => KindOfPosting, ['kind', 'overdraws'], ['kind', 'mayOverdraw'], { name: 'entry_overdraft_fkey' })
@Check('entry_amount_not_zero', `amount_minor <> 0`)
@Check('entry_overdraws_or_null', `overdraws`)
@Check('entry_not_overdrawn', `coalesce(balance_after_minor, 0) >= 0 or amount_minor > 0 or overdraws is not null`)
export class Entry {
  @ForeignKey(() => LedgerTransaction, { name: 'entry_transaction_fkey' })
  @PrimaryColumn('bigint', { name: 'transaction_id', primaryKeyConstraintName: 'entry_pkey' })
  transactionId: string;
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'entry_pkey' }) line: number;
  @Column('bigint', { name: 'account_id' }) accountId: string;
  @Column('text') currency: Currency;
  @Column('text') kind: Posting['kind'];
  @Column('bigint', { name: 'amount_minor', transformer: minorUnits }) amountMinor: number;
  @Column('bigint', { name: 'balance_after_minor', nullable: true, transformer: minorUnits })
  balanceAfterMinor: number | null;
  @Column('bigint', { name: 'account_version', nullable: true, transformer: minorUnits }) accountVersion: number | null;
  /** True where it takes the account below zero, which only some kinds may; null elsewhere. */
  @Column('boolean', { nullable: true }) overdraws: boolean | null;
  @Column('text', { name: 'contract_id', nullable: true }) contractId: string | null;
  @Column('integer', { nullable: true }) level: number | null;
  @Column({ type: 'timestamptz', name: 'recorded_at', precision: 3 }) recordedAt: Date;
}
