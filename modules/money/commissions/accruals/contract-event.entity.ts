import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { minorUnits } from '../../../kernel/money';
import type { Currency } from '../../../kernel/money';

/** What the host reported of a contract: one row a change, never edited. Everything calculated follows from these. */
@Entity({ schema: 'partner_program', name: 'contract_event' })
@Index('contract_event_occurred', ['occurredAt', 'contractId'])
@Index('contract_event_seller', ['sellerId', 'contractId'])
@Check('contract_event_value', 'value_minor between 0 and 1000000000000')
@Check('contract_event_refund', 'refund_bps between 1 and 10000')
export class ContractEvent {
  @PrimaryColumn('text', { name: 'contract_id', primaryKeyConstraintName: 'contract_event_pkey' }) contractId: string;
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'contract_event_pkey' }) version: number;
  /** The order in which the events were reported: a late one comes after those it precedes in time. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS', insert: false, update: false })
  seq: string;
  /** As people call the contract; null where it was reported before numbers were kept. */
  @Column('text', { nullable: true }) number: string | null;
  @Column('text') status: string;
  @Column('text', { name: 'seller_id', nullable: true }) sellerId: string | null;
  @Column('text', { name: 'client_id', nullable: true }) clientId: string | null;
  @Column('bigint', { name: 'value_minor', transformer: minorUnits }) valueMinor: number;
  @Column('text') currency: Currency;
  @Column('text', { nullable: true }) product: string | null;
  @Column('text', { nullable: true }) kind: string | null;
  @Column('integer', { name: 'refund_bps', nullable: true }) refundBps: number | null;
  @Column({ type: 'timestamptz', name: 'occurred_at', precision: 3 }) occurredAt: Date;
  @Column({ type: 'timestamptz', name: 'recorded_at', precision: 3, default: () => 'partner_program.now_ms()' })
  recordedAt: Date;
}
