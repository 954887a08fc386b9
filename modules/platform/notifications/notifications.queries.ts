import type { EntityManager } from 'typeorm';
import { rows, run } from '../../kernel/query';
import type { Retention } from '../retention/retention.service';
import type { NotificationFacts, NotificationKind } from './facts';
import { LETTER_KIND } from './letters/notification-letter';

/**
 * Gives news to those who want to hear of their kind ($1), each of the same thing once, and adds the jobs of the letters
 * to those who want one. The caller wakes the workers.
 * @param news rows of partner_id, about, amounts, contracts
 */
export const notifying = (news: string): string => `
  with news as (${news}),
  notified as (
    insert into partner_program.notification (partner_id, kind, about, amounts, contracts, shown)
    select news.partner_id, $1, news.about, news.amounts, news.contracts, portal.partner_id is null
      from news
      join partner_program.partner p on p.id = news.partner_id and p.status = 'active'
      left join partner_program.notification_mute portal
        on portal.partner_id = p.id and portal.kind = $1 and portal.channel = 'portal'
      left join partner_program.notification_mute email
        on email.partner_id = p.id and email.kind = $1 and email.channel = 'email'
     where portal.partner_id is null or email.partner_id is null
    on conflict on constraint notification_once do nothing
    returning id, partner_id
  )
  insert into partner_program.job (key, kind, payload)
  select 'mail:' || letter.key, 'letter',
         jsonb_build_object('key', letter.key, 'kind', '${LETTER_KIND}', 'subjectId', notified.id::text)
    from notified cross join lateral (select 'notification:' || notified.id as key) letter
   where not exists (select from partner_program.notification_mute m
                      where m.partner_id = notified.partner_id and m.kind = $1 and m.channel = 'email')
  on conflict (key) do nothing`;

const NOTIFY = {
  name: 'notifications-notify',
  text: notifying(`
    select partner_id, $2::text as about, null::jsonb as amounts, null::integer as contracts
      from unnest($3::uuid[]) as partner_id`),
};

/** What is notified to some partners. */
export interface News {
  readonly kind: 'withdrawal' | 'terms';
  /** The id of the withdrawal, or of the version of the terms with when it was published. */
  readonly about: string;
}

export async function notifyPartners(
  tx: EntityManager,
  { kind, about }: News,
  partnerIds: readonly string[],
): Promise<void> {
  await run(tx, NOTIFY, [kind, about, partnerIds]);
}

const NOTIFY_SPONSOR = {
  name: 'notifications-notify-sponsor',
  text: notifying(`
    select p.sponsor_id as partner_id, p.id::text as about, null::jsonb as amounts, null::integer as contracts
      from partner_program.partner p
     where p.id = $2 and p.email_confirmed_at >= partner_program.transaction_began_ms()
       and not exists (select from partner_program.placement moved
                        where moved.partner_id = p.id and moved.sponsor_id is distinct from p.sponsor_id)`),
};

/**
 * Notifies the sponsor of a new partner whose address was confirmed in this transaction: strangers who fill in the form of
 * a link make nobody a mail.
 */
export async function notifySponsor(tx: EntityManager, newcomerId: string): Promise<void> {
  const kind: NotificationKind = 'newPartner';
  await run(tx, NOTIFY_SPONSOR, [kind, newcomerId]);
}

const SOME_PARTNERS = {
  name: 'notifications-some-partners',
  text: `
    select id from partner_program.partner
     where status = 'active' and joined_at < $3 and ($1::uuid is null or id > $1) order by id limit $2`,
};

/** Active partners by id, a stretch of them. */
export async function somePartners(
  tx: EntityManager,
  { after, joinedBefore }: { readonly after: string | null; readonly joinedBefore: string },
  limit: number,
): Promise<string[]> {
  const found = await rows<{ id: string }>(tx, SOME_PARTNERS, [after, limit, joinedBefore]);
  return found.map(({ id }) => id);
}

/** A notification `n` with what it is about. */
export const FACTS = `
  select n.id, n.partner_id, n.kind, n.about, n.created_at as at, n.contracts,
         coalesce(n.amounts, case when w.id is not null
           then jsonb_build_array(jsonb_build_object('amountMinor', w.amount_minor, 'currency', w.currency)) end) as amounts,
         w.status as outcome, w.reason, coalesce(newcomer.first_name || ' ' || newcomer.last_name, v.title) as name
    from partner_program.notification n
    left join partner_program.withdrawal w on w.id = case when n.kind = 'withdrawal' then n.about::uuid end
    left join partner_program.partner newcomer on newcomer.id = case when n.kind = 'newPartner' then n.about::uuid end
    left join partner_program.terms_version v on v.id = case when n.kind = 'terms' then left(n.about, 36)::uuid end`;

const LIST = {
  name: 'notifications-list',
  text: `
    select facts.*, facts.id <= coalesce(m.seen_id, 0) as seen
      from (${FACTS} where n.partner_id = $1 and n.shown and ($2::bigint is null or n.id < $2)
             order by n.id desc limit $3) facts
      left join partner_program.notification_mark m on m.partner_id = $1
     order by facts.id desc`,
};

/** A partner's notifications in the portal, the newest first. @param before the id of the last one on the page before */
export function listNotifications(
  tx: EntityManager,
  partnerId: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<(NotificationFacts & { readonly seen: boolean })[]> {
  return rows(tx, LIST, [partnerId, before, limit]);
}

const MARK_SEEN = {
  name: 'notifications-mark-seen',
  text: `
    insert into partner_program.notification_mark as m (partner_id, seen_id)
    select $1, id from partner_program.notification
     where partner_id = $1 and shown and id <= $2 order by id desc limit 1
    on conflict on constraint notification_mark_pkey do update set seen_id = greatest(m.seen_id, excluded.seen_id)`,
};

/** Everything up to this one counts as seen, and stays so. */
export async function markSeen(tx: EntityManager, partnerId: string, until: string): Promise<void> {
  await run(tx, MARK_SEEN, [partnerId, until]);
}

export const NOTIFICATIONS_RETENTION: readonly Retention[] = [
  {
    // A link to unsubscribe has to work as long as somebody may still come upon the mail.
    name: 'retention-unsubscribe-links',
    what: 'links to unsubscribe in mails',
    days: 365,
    text: `
      delete from partner_program.unsubscribe_token where token_hash in (
        select t.token_hash from partner_program.unsubscribe_token t
          join partner_program.notification n on n.id = t.notification_id
         where n.created_at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
  {
    // Whatever waits to be read stays, however old it is, and so does that somebody was notified of a new partner.
    name: 'retention-notifications',
    what: 'notifications that were read, but for those of new partners',
    days: 365,
    text: `
      delete from partner_program.notification where id in (
        select n.id from partner_program.notification n
          left join partner_program.notification_mark m on m.partner_id = n.partner_id
         where n.kind <> 'newPartner' and n.created_at < partner_program.now_ms() - make_interval(days => $1)
           and (not n.shown or n.id <= m.seen_id)
           and not exists (select from partner_program.unsubscribe_token t where t.notification_id = n.id)
         limit $2)`,
  },
];
