import type { EntityManager } from 'typeorm';
import { changed, rows, run } from '../../../kernel/query';
import type { Newcomer } from '../partners.service';

// Somebody who was never placed is nobody's originator: the CRM user may join anew.
const LEAVE = {
  name: 'departures-leave',
  text: `
    with placed as (select exists (select from partner_program.placement where partner_id = $1) as once)
    update partner_program.partner
       set status = 'left', left_at = $2, user_id = case when once then user_id end,
           linked_at = case when once then linked_at end
      from placed where id = $1 and status <> 'left'`,
};

/** @returns whether there was somebody to leave */
export async function markLeft(tx: EntityManager, partnerId: string, at: Date): Promise<boolean> {
  const left = await changed(tx, LEAVE, [partnerId, at]);
  return left === 1;
}

const STAND_STILL = {
  name: 'departures-stand-still',
  text: `
    insert into partner_program.suspension (partner_id, valid, reason, suspended_by)
    select $1, tstzrange($2, null), 'left', $3
     where not exists (select from partner_program.suspension where partner_id = $1 and upper(valid) is null)`,
};

/** From this moment on the partner earns nothing; who is suspended already stays so. */
export async function standStill(tx: EntityManager, partnerId: string, from: Date, by: string): Promise<void> {
  await run(tx, STAND_STILL, [partnerId, from, by]);
}

const COME_BACK = {
  name: 'departures-come-back',
  text: `
    with before as (select id, left_at from partner_program.partner where user_id = $1 and status = 'left'),
    resumed as (
      update partner_program.suspension s set valid = tstzrange(lower(s.valid), $2)
        from before where s.partner_id = before.id and upper(s.valid) is null and lower(s.valid) = before.left_at
    ), back as (
      update partner_program.partner p
         set status = 'active', left_at = null, erased_at = null, first_name = $3, last_name = $4, email = $5,
             phone = $6, locale = $7, email_confirmed_at = $2
        from before where p.id = before.id
      returning p.id, lower(p.last_name || ' ' || p.first_name) as name_key
    ), listed as (
      update partner_program.partner_path path set name_key = back.name_key from back where path.partner_id = back.id
    )
    select id from back`,
};

/** @returns undefined where this user has not left; a suspension from before the leaving goes on */
export async function comeBack(
  tx: EntityManager,
  { userId, firstName, lastName, email, phone, locale }: Newcomer,
  at: Date,
): Promise<string | undefined> {
  const [row] = await rows<{ id: string }>(tx, COME_BACK, [userId, at, firstName, lastName, email, phone, locale]);
  return row?.id;
}
