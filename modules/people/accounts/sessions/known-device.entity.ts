import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { AccountLogin } from '../account-login.entity';

/** A browser that has logged in to an account before; its attempts are counted apart from strangers'. @see F63 */
@Entity({ schema: 'partner_program', name: 'known_device' })
@Check('known_device_token_hashed', `token_hash ~ '^[0-9a-f]{64}$'`)
export class KnownDevice {
  @PrimaryColumn('text', { name: 'token_hash', primaryKeyConstraintName: 'known_device_pkey' }) tokenHash: string;
  @ForeignKey(() => AccountLogin, { name: 'known_device_login_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'partner_id', primaryKeyConstraintName: 'known_device_pkey' })
  partnerId: string;
  @Column({ type: 'timestamptz', name: 'last_used_at', precision: 3, default: () => 'partner_program.now_ms()' })
  lastUsedAt: Date;
}
