import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** Up to which notification a partner has seen them. */
@Entity({ schema: 'partner_program', name: 'notification_mark' })
export class NotificationMark {
  @PrimaryColumn('uuid', { name: 'partner_id', primaryKeyConstraintName: 'notification_mark_pkey' })
  @ForeignKey('Partner', { name: 'notification_mark_partner_fkey' })
  partnerId: string;
  @Column('bigint', { name: 'seen_id' }) seenId: string;
}
