import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Invitation } from './invitation.entity';

/** The hash of a secret that was mailed; the secret itself is kept nowhere. One of an invitation is ever used. */
@Entity({ schema: 'partner_program', name: 'invitation_token' })
@Index('invitation_token_invitation', ['invitationId'])
@Index('invitation_token_used_once', ['invitationId'], { unique: true, where: 'used_at is not null' })
@Check('invitation_token_hashed', `token_hash ~ '^[0-9a-f]{64}$'`)
export class InvitationToken {
  @PrimaryColumn('text', { name: 'token_hash', primaryKeyConstraintName: 'invitation_token_pkey' }) tokenHash: string;
  @ForeignKey(() => Invitation, { name: 'invitation_token_invitation_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'invitation_id' })
  invitationId: string;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'partner_program.now_ms()' })
  createdAt: Date;
  @Column({ type: 'timestamptz', name: 'used_at', precision: 3, nullable: true }) usedAt: Date | null;
}
