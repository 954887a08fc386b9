import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A user asked the supervisor to join; the key allows it once a day. @see P3 */
@Entity({ schema: 'partner_program', name: 'join_reminder' })
export class JoinReminder {
  @PrimaryColumn('text', { name: 'user_id', primaryKeyConstraintName: 'join_reminder_pkey' }) userId: string;
  @Column('text', { name: 'supervisor_id' }) supervisorId: string;
  @PrimaryColumn('date', { primaryKeyConstraintName: 'join_reminder_pkey' }) day: string;
}
