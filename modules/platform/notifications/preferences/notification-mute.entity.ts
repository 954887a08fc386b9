import { Check, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { NotificationKind } from '../facts';

export type NotificationChannel = 'email' | 'portal';

const PKEY = { primaryKeyConstraintName: 'notification_mute_pkey' };

/** A kind of notification that a partner does not want on a channel; whatever is not here is wanted. */
@Entity({ schema: 'partner_program', name: 'notification_mute' })
@Check('notification_mute_kind_known', `kind in ('commission', 'withdrawal', 'newPartner', 'terms')`)
@Check('notification_mute_channel_known', `channel in ('email', 'portal')`)
export class NotificationMute {
  @PrimaryColumn('uuid', { name: 'partner_id', ...PKEY })
  @ForeignKey('Partner', { name: 'notification_mute_partner_fkey' })
  partnerId: string;
  @PrimaryColumn('text', PKEY) kind: NotificationKind;
  @PrimaryColumn('text', PKEY) channel: NotificationChannel;
}
