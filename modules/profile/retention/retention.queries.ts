import type { EntityManager } from 'typeorm';
import type { NamedStatement } from '../../kernel/query';
import { run } from '../../kernel/query';

/** What is forgotten once it is older than so many days: $1 the days, $2 at most so many rows. */
export interface Retention extends NamedStatement {
  readonly days: number;
}

export const RETENTIONS: readonly Retention[] = [
  {
    // A link to unsubscribe has to work as long as somebody may still come upon the mail.
    name: 'retention-unsubscribe-links',
    days: 365,
    text: `
      delete from partner_program.unsubscribe_token where token_hash in (
        select t.token_hash from partner_program.unsubscribe_token t
          join partner_program.notification n on n.id = t.notification_id
         where n.created_at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
  {
    // Whatever waits to be read stays, however old it is, and so does that somebody was told of a new partner.
    name: 'retention-notifications',
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
  {
    // The database refuses it for anything younger.
    name: 'retention-audit-addresses',
    days: 365,
    text: `
      update partner_program.audit_record set ip = null where id in (
        select id from partner_program.audit_record
         where ip is not null and at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
  {
    // Its links end after a day; a week later nobody is still looking for the mail.
    name: 'retention-email-changes',
    days: 7,
    text: `
      delete from partner_program.email_change where partner_id in (
        select partner_id from partner_program.email_change
         where requested_at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
];

/** @returns how many rows there were */
export async function forget(tx: EntityManager, retention: Retention, most: number): Promise<number> {
  // TypeORM answers an UPDATE or a DELETE with the rows and their number.
  const [, count] = await run<unknown>(tx, retention, [retention.days, most]);
  return count as number;
}
