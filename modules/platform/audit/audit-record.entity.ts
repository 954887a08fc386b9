import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';

/**
 * One change that somebody made, written by the changed table itself in the same transaction; nobody changes or removes
 * it, but from where it was made is forgotten. @see F42
 */
@Entity({ schema: 'partner_program', name: 'audit_record' })
@Index('audit_record_by_time', ['at', 'id'])
@Index('audit_record_by_actor', ['actor', 'at', 'id'])
@Index('audit_record_by_action', ['action', 'at', 'id'])
@Index('audit_record_by_object', ['objectType', 'objectId', 'at', 'id'])
@Index('audit_record_by_partner', ['partnerId', 'at', 'id'])
@Index('audit_record_addressed', ['at'], { where: 'ip is not null' })
@Check('audit_record_action_form', `action ~ '^[a-z][A-Za-z]*[.][a-z][A-Za-z]*$'`)
export class AuditRecord {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'audit_record_pkey' }) id: string;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'partner_program.now_ms()' }) at: Date;
  /** `user:<id>`, `partner:<id>`, or `database:<role>` for a change that did not come through the application. */
  @Column('text') actor: string;
  /** Of a CRM user, as it was then. A partner without a CRM account is named by the partner account. */
  @Column('text', { name: 'actor_name', nullable: true }) actorName: string | null;
  /** What was done, by a name that stays: `withdrawal.paid`. */
  @Column('text') action: string;
  @Column('text', { name: 'object_type' }) objectType: string;
  /** Null where there is only one of its type. */
  @Column('text', { name: 'object_id', nullable: true }) objectId: string | null;
  /** The partner whom it concerns. */
  @ForeignKey('Partner', { name: 'audit_record_partner_fkey' })
  @Column('uuid', { name: 'partner_id', nullable: true })
  partnerId: string | null;
  /** Only what changed; account numbers by their last characters. */
  @Column('jsonb', { nullable: true }) before: Readonly<Record<string, unknown>> | null;
  @Column('jsonb', { nullable: true }) after: Readonly<Record<string, unknown>> | null;
  @Column('text', { nullable: true }) reason: string | null;
  /** Emptied after a year, and when who acted has left and is erased. */
  @Column('inet', { nullable: true }) ip: string | null;
  @Column('text', { name: 'request_id', nullable: true }) requestId: string | null;
}
