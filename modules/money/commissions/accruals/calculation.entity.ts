import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { minorUnits } from '../../../kernel/money';
import type { Currency } from '../../../kernel/money';
import { LedgerTransaction } from '../../../ledger/transaction.entity';
import { PlanVersion } from '../../../rules/plans/plan-version.entity';
import { ContractEvent } from './contract-event.entity';

/** One step of one accrual: what an event of a contract led to. Its lines explain it person by person. @see Q2 */
@Entity({ schema: 'partner_program', name: 'calculation' })
@Unique('calculation_step_key', ['contractId', 'accrualVersion', 'eventVersion'])
@ForeignKey(() => ContractEvent, ['contractId', 'accrualVersion'], ['contractId', 'version'], {
  name: 'calculation_accrual_fkey',
})
@ForeignKey(() => ContractEvent, ['contractId', 'eventVersion'], ['contractId', 'version'], {
  name: 'calculation_event_fkey',
})
@Check('calculation_kind_known', `kind in ('accrual', 'revaluation', 'reversal', 'retraction')`)
@Check('calculation_basis', 'basis_minor >= 0')
@Check('calculation_reversed', 'reversed_bps between 0 and 10000')
@Check(
  'calculation_reversed_amount',
  'reversed_minor = 0 or reversed_minor between 1 and basis_minor and reversed_bps < 10000',
)
export class CalculationEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'calculation_pkey' }) id: string;
  @Column('text', { name: 'contract_id' }) contractId: string;
  @Column('integer', { name: 'accrual_version' }) accrualVersion: number;
  @Column('integer', { name: 'event_version' }) eventVersion: number;
  @Column('text') kind: 'accrual' | 'revaluation' | 'reversal' | 'retraction';
  @Column({ type: 'timestamptz', name: 'as_of', precision: 3 }) asOf: Date;
  @ForeignKey(() => PlanVersion, { name: 'calculation_plan_version_fkey' })
  @Column('uuid', { name: 'plan_version_id', nullable: true })
  planVersionId: string | null;
  @Column('bigint', { name: 'basis_minor', transformer: minorUnits }) basisMinor: number;
  @Column('text') currency: Currency;
  @Column('integer', { name: 'reversed_bps' }) reversedBps: number;
  /** Of the base, besides the share. */
  @Column('bigint', { name: 'reversed_minor', transformer: minorUnits }) reversedMinor: number;
  @ForeignKey(() => LedgerTransaction, { name: 'calculation_transaction_fkey' })
  @Column('bigint', { name: 'transaction_id', nullable: true })
  transactionId: string | null;
  @Column({ type: 'timestamptz', name: 'recorded_at', precision: 3, default: () => 'partner_program.now_ms()' })
  recordedAt: Date;
}
