import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** The password of a partner without a CRM account. */
@Entity({ schema: 'partner_program', name: 'account_login' })
@Check('account_login_argon2id', `password_hash like '$argon2id$%'`)
export class AccountLogin {
  @ForeignKey('Partner', { name: 'account_login_partner_fkey' })
  @PrimaryColumn('uuid', { name: 'partner_id', primaryKeyConstraintName: 'account_login_pkey' })
  partnerId: string;
  @Column('text', { name: 'password_hash' }) passwordHash: string;
  @Column({ type: 'timestamptz', name: 'password_changed_at', precision: 3, default: () => 'partner_program.now_ms()' })
  passwordChangedAt: Date;
}
