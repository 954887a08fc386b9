import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Partner } from '../partner.entity';

/**
 * The tree as it is now, made from `partner.sponsor_id` for lists and counts: everybody's `seq` from the top down,
 * each closed by a dot.
 */
@Entity({ schema: 'partner_program', name: 'partner_path' })
@Index('partner_path_prefix', { synchronize: false })
@Check('partner_path_depth', 'depth between 0 and 10000')
export class PartnerPath {
  @ForeignKey(() => Partner, { name: 'partner_path_partner_fkey' })
  @PrimaryColumn('uuid', { name: 'partner_id', primaryKeyConstraintName: 'partner_path_pkey' })
  partnerId: string;
  @Column({ type: 'text', collation: 'C' }) path: string;
  @Column('integer') depth: number;
}
