import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { minorUnits } from '../../kernel/money';
import { PlanVersion } from './plan-version.entity';

/** What one level of a `levels` plan pays: a rate of the base or a fixed amount. */
@Entity({ schema: 'partner_program', name: 'plan_level' })
@Check('plan_level_range', 'level between 0 and 10000')
@Check('plan_level_rate_or_amount', 'num_nonnulls(rate_bps, amount_minor) = 1')
@Check('plan_level_rate', 'rate_bps between 0 and 10000')
@Check('plan_level_amount', 'amount_minor between 0 and 1000000000000')
export class PlanLevelEntity {
  @ForeignKey(() => PlanVersion, { name: 'plan_level_version_fkey' })
  @PrimaryColumn('uuid', { name: 'plan_version_id', primaryKeyConstraintName: 'plan_level_pkey' })
  planVersionId: string;
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'plan_level_pkey' }) level: number;
  @Column('integer', { name: 'rate_bps', nullable: true }) rateBps: number | null;
  @Column('bigint', { name: 'amount_minor', nullable: true, transformer: minorUnits }) amountMinor: number | null;
}
