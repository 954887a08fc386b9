import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { minorUnits } from '../../../kernel/money';
import type { LineReason } from '../calculation/commission-split';
import { CalculationEntity } from './calculation.entity';

/** What one person on the path gets from one calculation, or why nothing. @see Q2 */
@Entity({ schema: 'partner_program', name: 'commission_line' })
@Index('commission_line_partner', ['partnerId', 'calculationId'])
@Check('commission_line_amount', 'amount_minor between 0 and uncapped_minor')
@Check('commission_line_explained', `(reason = 'PAID') = (amount_minor > 0)`)
export class CommissionLineEntity {
  @ForeignKey(() => CalculationEntity, { name: 'commission_line_calculation_fkey' })
  @PrimaryColumn('bigint', { name: 'calculation_id', primaryKeyConstraintName: 'commission_line_pkey' })
  calculationId: string;
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'commission_line_pkey' }) level: number;
  @ForeignKey('Partner', { name: 'commission_line_partner_fkey' })
  @Column('uuid', { name: 'partner_id' })
  partnerId: string;
  @Column('integer', { name: 'rate_level', nullable: true }) rateLevel: number | null;
  @Column('text', { nullable: true }) rank: string | null;
  @Column('integer', { name: 'rate_bps', nullable: true }) rateBps: number | null;
  @Column('bigint', { name: 'uncapped_minor', transformer: minorUnits }) uncappedMinor: number;
  /** What the rules give for the basis. */
  @Column('bigint', { name: 'amount_minor', transformer: minorUnits }) amountMinor: number;
  /** What this step moved: negative where money was taken back. */
  @Column('bigint', { name: 'posted_minor', transformer: minorUnits }) postedMinor: number;
  @Column('text') reason: LineReason;
}
