import type { EntityManager } from 'typeorm';
import { rows, run } from '../../../kernel/query';
import { SESSION_DAYS, SESSION_IDLE_HOURS } from '../request/session-cookie';
import type { ActorPartner } from './actor';
import type { Scope } from './scopes';

const ACTOR_PARTNER = `
           p.id, p.first_name, p.last_name, p.email, p.phone, p.locale,
           p.email_confirmed_at is not null as email_confirmed,
           case when p.status = 'active' and exists (
             select from partner_program.suspension s where s.partner_id = p.id and s.valid @> partner_program.now_ms()
           ) then 'suspended' else p.status end as status,
           (select count(*)::integer from (
             select from partner_program.notification n
              where n.partner_id = p.id and n.shown
                and n.id > coalesce((select seen_id from partner_program.notification_mark where partner_id = p.id), 0)
              limit 10) unseen) as unseen_notifications,
           (select json_build_object(
                     'low', prefix, 'high', partner_program.path_end(path), 'isDeep', path <> prefix, 'depth', depth,
                     'directCount', direct_count, 'downlineCount', downline_count,
                     'everybody', greatest(downline_count, (select reltuples from pg_class
                                                             where oid = 'partner_program.partner_path'::regclass)))
              from partner_program.partner_path where partner_id = p.id) as place`;

const PARTNER_OF_USER = {
  name: 'partner_program_partner_of_user',
  text: `
    select ${ACTOR_PARTNER}
    from partner_program.partner p
    where p.user_id = $1`,
};

/** The partner a CRM user is, with a suspension that is running now; null for a user who has not joined. */
export async function partnerOfUser(tx: EntityManager, userId: string): Promise<ActorPartner | null> {
  const [partner] = await rows<ActorPartner>(tx, PARTNER_OF_USER, [userId]);
  return partner ?? null;
}

const PARTNER_OF_SESSION = {
  name: 'partner_program_partner_of_session',
  text: `
    select ${ACTOR_PARTNER}, s.last_seen_at < partner_program.now_ms() - interval '1 minute' as "unseen"
    from partner_program.session s join partner_program.partner p on p.id = s.partner_id
    where s.token_hash = $1 and s.expires_at > partner_program.now_ms() and p.status <> 'left' and p.user_id is null`,
};

const SEE_SESSION = {
  name: 'partner_program_see_session',
  text: `
    update partner_program.session
       set last_seen_at = partner_program.now_ms(),
           expires_at = least(created_at + interval '${SESSION_DAYS} days',
                              partner_program.now_ms() + interval '${SESSION_IDLE_HOURS} hours')
     where token_hash = $1 and expires_at > partner_program.now_ms()`,
};

/**
 * The partner without a CRM account who is logged in under this secret; null once the session has ended. Being used
 * keeps a session alive, which is written down once a minute at most.
 */
export async function partnerOfSession(tx: EntityManager, tokenHash: string): Promise<ActorPartner | null> {
  const [row] = await rows<ActorPartner & { unseen: boolean }>(tx, PARTNER_OF_SESSION, [tokenHash]);
  if (!row) return null;
  const { unseen, ...partner } = row;
  if (unseen) await run(tx, SEE_SESSION, [tokenHash]);
  return partner;
}

const KEY_IN_FORCE = {
  name: 'partner_program_key_in_force',
  text: `
    select id, name, scopes, coalesce(last_used_at < partner_program.now_ms() - interval '1 minute', true) as "unseen"
      from partner_program.api_key
     where key_hash = $1 and revoked_at is null and (expires_at is null or expires_at > partner_program.now_ms())`,
};

const SEE_KEY = {
  name: 'partner_program_see_key',
  text: `update partner_program.api_key set last_used_at = partner_program.now_ms() where id = $1`,
};

/** The API key with this hash; null once it is revoked or has expired. Its use is written down once a minute at most. */
export async function keyInForce(
  tx: EntityManager,
  keyHash: string,
): Promise<{ id: string; name: string; scopes: Scope[] } | null> {
  const [row] = await rows<{ id: string; name: string; scopes: Scope[]; unseen: boolean }>(tx, KEY_IN_FORCE, [keyHash]);
  if (!row) return null;
  const { unseen, ...key } = row;
  if (unseen) await run(tx, SEE_KEY, [key.id]);
  return key;
}
