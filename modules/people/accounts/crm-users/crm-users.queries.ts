import type { EntityManager } from 'typeorm';
import type { HostUser } from '../../../host';
import { rows, run } from '../../../kernel/query';

const FOLLOW = {
  name: 'crm-users-follow',
  text: `
    with followed as (
      update partner_program.partner p
         set first_name = u."firstName", last_name = u."lastName", email = u.email, phone = u.phone, locale = u.locale
        from jsonb_to_recordset($1::jsonb)
             as u (id text, "firstName" text, "lastName" text, email text, phone text, locale text)
       where p.user_id = u.id and p.status <> 'left'
         and (p.first_name, p.last_name, p.email, p.phone, p.locale)
             is distinct from (u."firstName", u."lastName", u.email, u.phone, u.locale)
      returning p.id, lower(p.last_name || ' ' || p.first_name) as name_key
    ), listed as (
      update partner_program.partner_path path set name_key = f.name_key
        from followed f where path.partner_id = f.id and path.name_key <> f.name_key
    )
    select id from followed`,
};

/** Gives partners the data that the CRM has of them. @returns the ids of those whose data changed */
export async function followUsers(tx: EntityManager, users: readonly HostUser[]): Promise<string[]> {
  const followed = await rows<{ id: string }>(tx, FOLLOW, [JSON.stringify(users)]);
  return followed.map(({ id }) => id);
}

const USERS_AFTER = {
  name: 'crm-users-after',
  text: `
    select user_id from partner_program.partner
     where user_id > $1 and status <> 'left' order by user_id limit $2`,
};

/** The CRM users who are partners, in the order of their ids, from after the given one. */
export async function usersAfter(tx: EntityManager, after: string, limit: number): Promise<string[]> {
  const found = await rows<{ userId: string }>(tx, USERS_AFTER, [after, limit]);
  return found.map(({ userId }) => userId);
}

const TIE = {
  name: 'crm-users-tie',
  text: `
    update partner_program.partner
       set user_id = $2, linked_at = case when $2::text is not null then $3::timestamptz end
     where id = $1 and status <> 'left'`,
};

/** From the moment on the partner is this CRM user, or without a CRM account (null). */
export async function tieUser(
  tx: EntityManager,
  partnerId: string,
  userId: string | null,
  moment: Date,
): Promise<void> {
  await run(tx, TIE, [partnerId, userId, moment]);
}
