import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A supervisor asked a subordinate to join; the key allows it once a day. @see P21 */
@Entity({ schema: 'partner_program', name: 'join_invitation' })
export class JoinInvitation {
  @PrimaryColumn('text', { name: 'user_id', primaryKeyConstraintName: 'join_invitation_pkey' }) userId: string;
  @Column('text', { name: 'supervisor_id' }) supervisorId: string;
  @PrimaryColumn('date', { primaryKeyConstraintName: 'join_invitation_pkey' }) day: string;
}
