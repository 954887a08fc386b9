import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { PostingKind } from './ledger.service';

/** A balanced, immutable set of entries; its key makes it happen once. */
@Entity({ schema: 'partner_program', name: 'transaction' })
@Unique('transaction_key', ['key'])
@Check(
  'transaction_kind_known',
  `kind in ('commission', 'reversal', 'release', 'adjustment', 'hold', 'holdReturn', 'payout')`,
)
@Check('transaction_adjustment_reasoned', `kind <> 'adjustment' or length(reason) between 10 and 500`)
export class LedgerTransaction {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'transaction_pkey' }) id: string;
  @Column('text') key: string;
  @Column('text') kind: PostingKind;
  @Column({ type: 'timestamptz', name: 'occurred_at', precision: 3 }) occurredAt: Date;
  @Column({ type: 'timestamptz', name: 'recorded_at', precision: 3, default: () => 'partner_program.now_ms()' })
  recordedAt: Date;
  @Column('text', { name: 'posted_by' }) postedBy: string;
  @Column('text', { nullable: true }) reason: string | null;
  /** The database transaction that wrote it: entries are taken only within it. */
  @Column('bigint', { default: () => 'pg_current_xact_id()::text::bigint' }) xact: string;
}
