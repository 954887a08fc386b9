import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { AccountLogin } from '../account-login.entity';

export type TokenPurpose = 'confirmEmail' | 'resetPassword' | 'changeEmailOld' | 'changeEmailNew';

/** A link that was mailed to one address and works once. @see F54 F57 */
@Entity({ schema: 'partner_program', name: 'one_time_token' })
@Unique('one_time_token_hash_key', ['tokenHash'])
@Index('one_time_token_partner', ['partnerId', 'purpose'])
@Check('one_time_token_hashed', `token_hash ~ '^[0-9a-f]{64}$'`)
@Check(
  'one_time_token_purpose_known',
  `purpose in ('confirmEmail', 'resetPassword', 'changeEmailOld', 'changeEmailNew')`,
)
@Check('one_time_token_expires', 'expires_at > created_at')
export class OneTimeToken {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'one_time_token_pkey' }) id: string;
  @Column('text', { name: 'token_hash' }) tokenHash: string;
  @Column('text') purpose: TokenPurpose;
  @ForeignKey(() => AccountLogin, { name: 'one_time_token_login_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'partner_id' })
  partnerId: string;
  /** The address the link was mailed to: it is worth nothing once another one has taken its place. */
  @Column('text') email: string;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'partner_program.now_ms()' })
  createdAt: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt: Date;
  /** Also when it was found expired: nothing brings it back then. */
  @Column({ type: 'timestamptz', name: 'used_at', precision: 3, nullable: true }) usedAt: Date | null;
}
