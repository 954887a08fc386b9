import { Check, Column, Entity, Exclusion, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { minorUnits } from '../../kernel/money';
import { Plan } from './plan.entity';

/** The rules of a plan in one wording: a draft while `valid` is null, then in force for that time and never edited. */
@Entity({ schema: 'partner_program', name: 'plan_version' })
@Unique('plan_version_number_key', ['planId', 'number'])
@Check('plan_version_compression_known', `compression in ('none', 'skipInactive')`)
@Check('plan_version_holding', 'holding_days between 0 and 3650')
@Check('plan_version_depth', 'depth between 0 and 10000')
@Check('plan_version_cap', 'cap_bps between 1 and 10000')
@Check('plan_version_minimum_value', 'minimum_value_minor >= 0')
@Check('plan_version_activated', '(valid is null) = (activated_by is null)')
@Check('plan_version_not_empty', 'not isempty(valid)')
@Exclusion('plan_version_one_at_a_time', 'using gist (plan_id with =, valid with &&)')
export class PlanVersion {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plan_version_pkey' }) id: string;
  @ForeignKey(() => Plan, { name: 'plan_version_plan_fkey' })
  @Column('uuid', { name: 'plan_id' })
  planId: string;
  @Column('integer') number: number;
  @Column('text') compression: 'none' | 'skipInactive';
  @Column('integer', { name: 'holding_days' }) holdingDays: number;
  @Column('integer', { nullable: true }) depth: number | null;
  @Column('integer', { name: 'cap_bps', nullable: true }) capBps: number | null;
  @Column('text', { array: true, nullable: true }) products: string[] | null;
  @Column('text', { name: 'contract_kinds', array: true, nullable: true }) contractKinds: string[] | null;
  @Column('bigint', { name: 'minimum_value_minor', nullable: true, transformer: minorUnits })
  minimumValueMinor: number | null;
  @Column('tstzrange', { nullable: true }) valid: string | null;
  @Column('text', { name: 'created_by' }) createdBy: string;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'partner_program.now_ms()' })
  createdAt: Date;
  @Column('text', { name: 'activated_by', nullable: true }) activatedBy: string | null;
}
