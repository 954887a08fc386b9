import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How far the changes that the host remembers were reported again: one row. */
@Entity({ schema: 'partner_program', name: 'reconciliation' })
@Check('reconciliation_single_row', 'id')
export class Reconciliation {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'reconciliation_pkey' }) id: boolean;
  /** The host's own, opaque; null before the first time. */
  @Column('text', { nullable: true }) cursor: string | null;
  @Column({ type: 'timestamptz', name: 'reconciled_at', precision: 3, nullable: true }) reconciledAt: Date | null;
}
