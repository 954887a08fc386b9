import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { AccountLogin } from '../account-login.entity';

/** An address that waits to take the place of the present one until both ends have confirmed. */
@Entity({ schema: 'partner_program', name: 'email_change' })
export class EmailChange {
  @ForeignKey(() => AccountLogin, { name: 'email_change_login_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'partner_id', primaryKeyConstraintName: 'email_change_pkey' })
  partnerId: string;
  @Column('text') email: string;
  @Column({ type: 'timestamptz', name: 'requested_at', precision: 3, default: () => 'partner_program.now_ms()' })
  requestedAt: Date;
  @Column({ type: 'timestamptz', name: 'old_confirmed_at', precision: 3, nullable: true }) oldConfirmedAt: Date | null;
  @Column({ type: 'timestamptz', name: 'new_confirmed_at', precision: 3, nullable: true }) newConfirmedAt: Date | null;
}
