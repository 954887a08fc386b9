import { Check, Column, Entity, Exclusion, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';
import { Partner } from '../partner.entity';

/** A time in which a partner earns nothing and may only look. */
@Entity({ schema: 'partner_program', name: 'suspension' })
@Check('suspension_not_empty', 'not isempty(valid)')
@Exclusion('suspension_one_at_a_time', 'using gist (partner_id with =, valid with &&)')
export class Suspension {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'suspension_pkey' }) id: string;
  @ForeignKey(() => Partner, { name: 'suspension_partner_fkey' })
  @Column('uuid', { name: 'partner_id' })
  partnerId: string;
  @Column('tstzrange') valid: string;
  @Column('text') reason: string;
  @Column('text', { name: 'suspended_by' }) suspendedBy: string;
}
