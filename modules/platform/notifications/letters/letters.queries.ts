import type { EntityManager } from 'typeorm';
import type { Locale } from '../../../kernel/locale';
import { rows } from '../../../kernel/query';
import type { NotificationFacts, NotificationKind } from '../facts';
import { FACTS } from '../notifications.queries';

/** What the mail of a notification is written from. */
export interface LetterFacts extends NotificationFacts {
  readonly email: string;
  readonly firstName: string;
  readonly locale: Locale | null;
}

const LETTER = {
  name: 'notifications-letter',
  text: `
    with letter as (
      select facts.*, p.email, p.first_name, p.locale
        from (${FACTS} where n.id = $1) facts join partner_program.partner p on p.id = facts.partner_id
       where p.status = 'active' and p.email_confirmed_at is not null
         and not exists (select from partner_program.notification_mute m
                          where m.partner_id = p.id and m.kind = facts.kind and m.channel = 'email')
    ), token as (
      insert into partner_program.unsubscribe_token (token_hash, notification_id) select $2, id from letter
    )
    select * from letter`,
};

/**
 * What to write, and the hash of the secret that will be in it; undefined for a partner who left, whose address is not
 * confirmed, or who does not want mails of this kind any more.
 */
export async function letterFacts(tx: EntityManager, id: string, tokenHash: string): Promise<LetterFacts | undefined> {
  return (await rows<LetterFacts>(tx, LETTER, [id, tokenHash]))[0];
}

/** Which mails a link ends, and to whom they went. */
export interface Subscription {
  readonly kind: NotificationKind;
  readonly email: string;
}

const SUBSCRIPTION = {
  name: 'notifications-subscription',
  text: `
    select n.kind, p.email from partner_program.unsubscribe_token t
      join partner_program.notification n on n.id = t.notification_id
      join partner_program.partner p on p.id = n.partner_id
     where t.token_hash = $1`,
};

export async function subscriptionOf(tx: EntityManager, tokenHash: string): Promise<Subscription | undefined> {
  return (await rows<Subscription>(tx, SUBSCRIPTION, [tokenHash]))[0];
}

const UNSUBSCRIBE = {
  name: 'notifications-unsubscribe',
  text: `
    with subscription as (
      select n.partner_id, n.kind from partner_program.unsubscribe_token t
        join partner_program.notification n on n.id = t.notification_id
       where t.token_hash = $1
    ), muted as (
      insert into partner_program.notification_mute (partner_id, kind, channel)
      select partner_id, kind, 'email' from subscription
      on conflict on constraint notification_mute_pkey do nothing
    )
    select kind from subscription`,
};

/** Ends the mails of the kind that the link came with. @returns false for a link that nobody was sent */
export async function unsubscribe(tx: EntityManager, tokenHash: string): Promise<boolean> {
  return (await rows(tx, UNSUBSCRIBE, [tokenHash])).length > 0;
}
