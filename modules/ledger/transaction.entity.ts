import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Posting } from './posting';

/** A balanced, immutable set of entries; its key makes it happen once. */
@Entity({ schema: 'partner_program', name: 'transaction' })
@Unique('transaction_key', ['key'])
export class LedgerTransaction {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'transaction_pkey' }) id: string;
  @Column('text') key: string;
  @Column('text') kind: Posting['kind'];
  @Column({ type: 'timestamptz', name: 'occurred_at', precision: 3 }) occurredAt: Date;
  @Column({ type: 'timestamptz', name: 'recorded_at', precision: 3, default: () => 'partner_program.now_ms()' })
  recordedAt: Date;
  @Column('text', { name: 'posted_by' }) postedBy: string;
  @Column('text', { nullable: true }) reason: string | null;
  /** The database transaction that wrote it: entries are taken only within it. */
  @Column('bigint', { default: () => 'pg_current_xact_id()::text::bigint' }) xact: string;
}
