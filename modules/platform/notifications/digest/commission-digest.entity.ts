import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: up to which calculation commissions have been gathered into notifications. */
@Entity({ schema: 'partner_program', name: 'commission_digest' })
@Check('commission_digest_single_row', 'id')
export class CommissionDigest {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'commission_digest_pkey' }) id: boolean;
  @Column('bigint', { name: 'calculation_id' }) calculationId: string;
}
