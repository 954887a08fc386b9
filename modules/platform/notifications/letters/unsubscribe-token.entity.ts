import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Notification } from '../notification.entity';

/** The hash of a secret that was mailed; the secret itself is kept nowhere. It ends the mails of one kind, for ever. */
@Entity({ schema: 'partner_program', name: 'unsubscribe_token' })
@Index('unsubscribe_token_notification', ['notificationId'])
@Check('unsubscribe_token_hashed', `token_hash ~ '^[0-9a-f]{64}$'`)
export class UnsubscribeToken {
  @PrimaryColumn('text', { name: 'token_hash', primaryKeyConstraintName: 'unsubscribe_token_pkey' }) tokenHash: string;
  @ForeignKey(() => Notification, { name: 'unsubscribe_token_notification_fkey' })
  @Column('bigint', { name: 'notification_id' })
  notificationId: string;
}
