import type { EntityManager } from 'typeorm';
import { run } from '../../../kernel/query';
import { NOTIFICATION_KINDS } from '../facts';
import type { NotificationKind } from '../facts';
import { NotificationMute } from './notification-mute.entity';
import type { NotificationChannel } from './notification-mute.entity';

/** Where a partner wants to hear of a kind. */
export type Preference = { readonly kind: NotificationKind } & Readonly<Record<NotificationChannel, boolean>>;

const CHANNELS: readonly NotificationChannel[] = ['email', 'portal'];

/** One for every kind. */
export async function preferencesOf(tx: EntityManager, partnerId: string): Promise<Preference[]> {
  const mutes = await tx.findBy(NotificationMute, { partnerId });
  const wants = (kind: NotificationKind, channel: NotificationChannel) =>
    !mutes.some((mute) => mute.kind === kind && mute.channel === channel);
  return NOTIFICATION_KINDS.map((kind) => ({ kind, email: wants(kind, 'email'), portal: wants(kind, 'portal') }));
}

const UNMUTE = {
  name: 'notifications-unmute',
  text: `
    delete from partner_program.notification_mute m
     using unnest($2::text[], $3::text[]) as wanted (kind, channel)
     where m.partner_id = $1 and m.kind = wanted.kind and m.channel = wanted.channel`,
};
const MUTE = {
  name: 'notifications-mute',
  text: `
    insert into partner_program.notification_mute (partner_id, kind, channel)
    select $1, kind, channel from unnest($2::text[], $3::text[]) as unwanted (kind, channel)
    on conflict on constraint notification_mute_pkey do nothing`,
};

/** Kinds that are not among them stay as they are. */
export async function setPreferences(
  tx: EntityManager,
  partnerId: string,
  preferences: readonly Preference[],
): Promise<void> {
  const cells = preferences.flatMap((preference) =>
    CHANNELS.map((channel) => ({ kind: preference.kind, channel, wanted: preference[channel] })),
  );
  for (const [statement, wanted] of [[UNMUTE, true] as const, [MUTE, false] as const]) {
    const chosen = cells.filter((cell) => cell.wanted === wanted);
    await run(tx, statement, [partnerId, chosen.map(({ kind }) => kind), chosen.map(({ channel }) => channel)]);
  }
}
