import { Check, Column, Entity, Exclusion, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';
import { Partner } from '../partner.entity';

/** The rank a partner held, and when; differential plans pay by it. @see Q1 */
@Entity({ schema: 'partner_program', name: 'partner_rank' })
@Check('partner_rank_not_empty', 'not isempty(valid)')
@Exclusion('partner_rank_one_at_a_time', 'using gist (partner_id with =, valid with &&)')
export class PartnerRank {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'partner_rank_pkey' }) id: string;
  @ForeignKey(() => Partner, { name: 'partner_rank_partner_fkey' })
  @Column('uuid', { name: 'partner_id' })
  partnerId: string;
  @Column('text') rank: string;
  @Column('tstzrange') valid: string;
  @Column('text', { name: 'ranked_by' }) rankedBy: string;
}
