import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Withdrawal } from './withdrawal.entity';

/** A table, or ISO 20022 pain.001. */
export type PaymentFormat = 'csv' | 'pain001';

const PKEY = 'payment_file_entry_pkey';

/** A request that a file for the bank held. @see P23 */
@Entity({ schema: 'partner_program', name: 'payment_file_entry' })
@Check('payment_file_entry_format_known', `format in ('csv', 'pain001')`)
export class PaymentFileEntry {
  @ForeignKey(() => Withdrawal, { name: 'payment_file_entry_withdrawal_fkey' })
  @PrimaryColumn('uuid', { name: 'withdrawal_id', primaryKeyConstraintName: PKEY })
  withdrawalId: string;
  /** The same payments have the same id. */
  @PrimaryColumn('text', { name: 'message_id', primaryKeyConstraintName: PKEY }) messageId: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: PKEY }) format: PaymentFormat;
  @Column({ type: 'timestamptz', name: 'written_at', precision: 3, default: () => 'partner_program.now_ms()' })
  writtenAt: Date;
  @Column('text', { name: 'written_by' }) writtenBy: string;
  @Column('text', { name: 'written_by_name' }) writtenByName: string;
}
