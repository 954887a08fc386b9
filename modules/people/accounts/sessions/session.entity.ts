import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { AccountLogin } from '../account-login.entity';

/** A browser that is logged in to a partner account without a CRM account. */
@Entity({ schema: 'partner_program', name: 'session' })
@Unique('session_token_key', ['tokenHash'])
@Index('session_partner', ['partnerId'])
@Check('session_token_hashed', `token_hash ~ '^[0-9a-f]{64}$'`)
@Check('session_limited', `expires_at <= created_at + interval '14 days'`)
export class Session {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'session_pkey' }) id: string;
  @Column('text', { name: 'token_hash' }) tokenHash: string;
  @ForeignKey(() => AccountLogin, { name: 'session_login_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'partner_id' })
  partnerId: string;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'partner_program.now_ms()' })
  createdAt: Date;
  @Column({ type: 'timestamptz', name: 'last_seen_at', precision: 3, default: () => 'partner_program.now_ms()' })
  lastSeenAt: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt: Date;
  @Column('inet', { nullable: true }) ip: string | null;
  @Column('text', { name: 'user_agent', nullable: true }) userAgent: string | null;
}
