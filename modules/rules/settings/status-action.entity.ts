import { Check, Column, Entity, Exclusion, PrimaryGeneratedColumn } from 'typeorm';

/** What a contract status does, and since when; no row: nothing. @see P12 */
@Entity({ schema: 'partner_program', name: 'status_action' })
@Check('status_action_known', `action in ('accrue', 'reverse')`)
@Check('status_action_not_empty', 'not isempty(valid)')
@Exclusion('status_action_one_at_a_time', 'using gist (status with =, valid with &&)')
export class StatusActionRange {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'status_action_pkey' }) id: string;
  @Column('text') status: string;
  @Column('text') action: 'accrue' | 'reverse';
  @Column('tstzrange') valid: string;
  @Column('text', { name: 'set_by' }) setBy: string;
}
