import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Up to which moment commissions have been calculated, and when a rule or the tree last changed: one row. */
@Entity({ schema: 'partner_program', name: 'timeline' })
@Check('timeline_single_row', 'id')
export class Timeline {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'timeline_pkey' }) id: boolean;
  @Column({ type: 'timestamptz', name: 'calculated_until', precision: 3, default: '1970-01-01' }) calculatedUntil: Date;
  @Column({ type: 'timestamptz', name: 'changed_at', precision: 3, default: '1970-01-01' }) changedAt: Date;
}
