import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: up to which calculation commissions have been gathered into notifications. */
@Entity({ schema: 'partner_program', name: 'commission_gathering' })
@Check('commission_gathering_single_row', 'id')
export class CommissionGathering {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'commission_gathering_pkey' }) id: boolean;
  @Column('bigint', { name: 'calculation_id' }) calculationId: string;
}
