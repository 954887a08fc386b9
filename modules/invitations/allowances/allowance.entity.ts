import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How often something was done in a stretch of time that begins then; the database knows how often it may be. @see F64 */
@Entity({ schema: 'partner_program', name: 'allowance' })
@Check('allowance_kind_known', `kind in ('recipient', 'sender', 'registration')`)
@Check('allowance_not_exceeded', `spent <= case kind when 'recipient' then 3 when 'sender' then 50 else 200 end`)
export class Allowance {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'allowance_pkey' }) kind: 'recipient' | 'sender' | 'registration';
  /** An address in lower case, the id of a partner, an IP address. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'allowance_pkey' }) key: string;
  @PrimaryColumn({ type: 'timestamptz', name: 'begins_at', precision: 3, primaryKeyConstraintName: 'allowance_pkey' })
  beginsAt: Date;
  @Column('integer', { default: 1 }) spent: number;
}
