import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** An address that asked never to be invited again, in lower case. @see F64 */
@Entity({ schema: 'partner_program', name: 'suppressed_address' })
@Check('suppressed_address_lower', 'email_key = lower(email_key)')
export class SuppressedAddress {
  @PrimaryColumn('text', { name: 'email_key', primaryKeyConstraintName: 'suppressed_address_pkey' }) emailKey: string;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'partner_program.now_ms()' }) since: Date;
}
