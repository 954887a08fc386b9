import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { AttributionSource } from '../../../kernel/attribution-source';
import { minorUnits } from '../../../kernel/money';
import type { Currency } from '../../../kernel/money';
import type { NobodyReason } from '../../attribution/attribution';

/** What the host reported of a contract: one row a change, never edited. Everything calculated follows from these. */
@Entity({ schema: 'partner_program', name: 'contract_event' })
@Index('contract_event_number', { synchronize: false })
@Index('contract_event_occurred', ['occurredAt', 'contractId'])
@Index('contract_event_seller', ['sellerId', 'contractId'])
@Index('contract_event_client', ['clientId', 'contractId'])
@Index('contract_event_referred', ['referredBy', 'contractId'], { where: 'referred_by is not null' })
@Check('contract_event_value', 'value_minor between 0 and 1000000000000')
@Check('contract_event_refund', 'refund_bps between 1 and 10000')
@Check('contract_event_refund_amount', 'refund_minor between 1 and value_minor')
@Check('contract_event_one_refund', 'num_nonnulls(refund_bps, refund_minor) <= 1')
@Check('contract_event_attribution_known', `attribution_source in ('contract', 'clientLink', 'seller')`)
@Check(
  'contract_event_attributed',
  `num_nulls(attributed_to, attribution_source) in (0, 2) and (attributed_to is null) = (attribution_reason is not null)`,
)
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
  @Column('bigint', { name: 'refund_minor', nullable: true, transformer: minorUnits }) refundMinor: number | null;
  /** A partner's id or referral code, where the host names who referred the contract. */
  @Column('text', { name: 'referred_by', nullable: true }) referredBy: string | null;
  /** Whose contract it was, found when it was reported. @see P20 */
  @ForeignKey('Partner', { name: 'contract_event_attributed_to_fkey' })
  @Column('uuid', { name: 'attributed_to', nullable: true })
  attributedTo: string | null;
  @Column('text', { name: 'attribution_source', nullable: true }) attributionSource: AttributionSource | null;
  /** Why nobody is credited. */
  @Column('text', { name: 'attribution_reason', nullable: true }) attributionReason: NobodyReason | null;
  @Column({ type: 'timestamptz', name: 'occurred_at', precision: 3 }) occurredAt: Date;
  @Column({ type: 'timestamptz', name: 'recorded_at', precision: 3, default: () => 'partner_program.now_ms()' })
  recordedAt: Date;
}
