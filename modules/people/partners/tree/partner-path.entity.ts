import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Partner } from '../partner.entity';

/**
 * The tree as it is now, made from `partner.sponsor_id` for lists and counts: everybody's `seq` from the top down,
 * each closed by a dot, with what lists are ordered by.
 */
@Entity({ schema: 'partner_program', name: 'partner_path' })
@Index('partner_path_prefix', { synchronize: false })
@Check('partner_path_depth', 'depth between 0 and 10000')
@Check('partner_path_counts', 'direct_count between 0 and downline_count')
export class PartnerPath {
  @ForeignKey(() => Partner, { name: 'partner_path_partner_fkey' })
  @PrimaryColumn('uuid', { name: 'partner_id', primaryKeyConstraintName: 'partner_path_pkey' })
  partnerId: string;
  @Column({ type: 'text', collation: 'C' }) path: string;
  @Column('integer') depth: number;
  /** What fits into an index. */
  @Column({ type: 'text', collation: 'C', asExpression: 'left(path, 1000)', generatedType: 'STORED', nullable: true })
  prefix: string;
  @Column('integer', { name: 'direct_count', default: 0 }) directCount: number;
  @Column('integer', { name: 'downline_count', default: 0 }) downlineCount: number;
  /** As in `partner`, which a trigger keeps so. */
  @Column({ type: 'timestamptz', name: 'joined_at', precision: 3 }) joinedAt: Date;
  /** The last name, then the first, in lower case. */
  @Column({ type: 'text', name: 'name_key', collation: 'pl-x-icu' }) nameKey: string;
}
