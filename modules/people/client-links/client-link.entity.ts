import { Check, Column, Entity, Exclusion, ForeignKey, Index, PrimaryColumn } from 'typeorm';

export type ClientLinkStatus = 'submitted' | 'approved' | 'rejected' | 'ended';

/** A client whom a partner referred; while it is approved, contracts of the client are the partner's. @see P20 */
@Entity({ schema: 'partner_program', name: 'client_link' })
@Index('client_link_of_partner', { synchronize: false })
@Index('client_link_waiting', ['submittedAt', 'id'], { where: `status = 'submitted'` })
@Index('client_link_email_key', { synchronize: false })
@Index('client_link_phone_key', ['partnerId', 'phone'], { unique: true, where: `status in ('submitted', 'approved')` })
@Index('client_link_tax_id_key', ['partnerId', 'taxId'], { unique: true, where: `status in ('submitted', 'approved')` })
@Check('client_link_status_known', `status in ('submitted', 'approved', 'rejected', 'ended')`)
@Check('client_link_reachable', 'num_nonnulls(email, phone) > 0')
@Check(
  'client_link_bound',
  `(status in ('approved', 'ended')) = (valid is not null) and (valid is null) = (client_id is null)`,
)
@Check('client_link_open_until_ended', `status <> 'approved' or upper_inf(valid)`)
@Check('client_link_decided', `(status = 'submitted') = (num_nulls(decided_at, decided_by) = 2)`)
@Check('client_link_rejected_why', `status <> 'rejected' or reason is not null`)
@Exclusion('client_link_one_bond', 'using gist (client_id with =, valid with &&)')
export class ClientLink {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'client_link_pkey' }) id: string;
  @ForeignKey('Partner', { name: 'client_link_partner_fkey' })
  @Column('uuid', { name: 'partner_id' })
  partnerId: string;
  @Column('text') name: string;
  @Column('text', { nullable: true }) email: string | null;
  @Column('text', { nullable: true }) phone: string | null;
  @Column('text', { name: 'tax_id', nullable: true }) taxId: string | null;
  @Column('text', { nullable: true }) note: string | null;
  @Column('text', { default: 'submitted' }) status: ClientLinkStatus;
  /** The client of the CRM that it was tied to. */
  @Column('text', { name: 'client_id', nullable: true }) clientId: string | null;
  /** From when the client's contracts are the partner's, until it was ended. */
  @Column('tstzrange', { nullable: true }) valid: string | null;
  @Column('text', { nullable: true }) reason: string | null;
  @Column({
    type: 'timestamptz',
    name: 'submitted_at',
    precision: 3,
    default: () => 'partner_program.now_ms()',
  })
  submittedAt: Date;
  @Column({ type: 'timestamptz', name: 'decided_at', precision: 3, nullable: true }) decidedAt: Date | null;
  @Column('text', { name: 'decided_by', nullable: true }) decidedBy: string | null;
}
