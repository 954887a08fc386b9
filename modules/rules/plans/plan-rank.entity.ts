import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { PlanVersion } from './plan-version.entity';

/** What a rank of a `differential` plan pays in all. */
@Entity({ schema: 'partner_program', name: 'plan_rank' })
@Check('plan_rank_rate', 'rate_bps between 0 and 10000')
export class PlanRankEntity {
  @ForeignKey(() => PlanVersion, { name: 'plan_rank_version_fkey' })
  @PrimaryColumn('uuid', { name: 'plan_version_id', primaryKeyConstraintName: 'plan_rank_pkey' })
  planVersionId: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'plan_rank_pkey' }) rank: string;
  @Column('integer', { name: 'rate_bps' }) rateBps: number;
}
