import { Check, Column, Entity, Exclusion, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { Partner } from '../partner.entity';

/** Under whom a partner stood, and when. A range is closed when the next one begins, and never changes again. */
@Entity({ schema: 'partner_program', name: 'placement' })
@Index('placement_partner', { synchronize: false })
@Check('placement_not_own_sponsor', 'sponsor_id <> partner_id')
@Check('placement_not_empty', 'not isempty(valid)')
@Exclusion('placement_one_at_a_time', 'using gist (partner_id with =, valid with &&)')
export class Placement {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'placement_pkey' }) id: string;
  @ForeignKey(() => Partner, { name: 'placement_partner_fkey' })
  @Column('uuid', { name: 'partner_id' })
  partnerId: string;
  @ForeignKey(() => Partner, { name: 'placement_sponsor_fkey' })
  @Column('uuid', { name: 'sponsor_id', nullable: true })
  sponsorId: string | null;
  @Column('tstzrange') valid: string;
  @Column('text') reason: string;
  @Column('text', { name: 'placed_by' }) placedBy: string;
  @Column({ type: 'timestamptz', name: 'recorded_at', precision: 3, default: () => 'partner_program.now_ms()' })
  recordedAt: Date;
}
