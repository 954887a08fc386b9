import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Currency } from '../../kernel/money';

/** A commission plan by name; what it pays stands in its versions. @see Q1 */
@Entity({ schema: 'partner_program', name: 'plan' })
@Unique('plan_name_key', ['name', 'currency', 'kind'])
@Check('plan_kind_known', `kind in ('levels', 'differential')`)
export class Plan {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plan_pkey' }) id: string;
  @Column('text') name: string;
  @Column('text') kind: 'levels' | 'differential';
  @Column('text') currency: Currency;
  @Column('text', { name: 'created_by' }) createdBy: string;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'partner_program.now_ms()' })
  createdAt: Date;
}
