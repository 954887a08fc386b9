import type { EntityManager } from 'typeorm';
import { run } from '../kernel/query';
import type { ActorPartner } from './actor';

const PARTNER_OF_USER = {
  name: 'partner_program_partner_of_user',
  text: `
    select p.id, p.first_name as "firstName", p.last_name as "lastName", p.email,
           p.email_confirmed_at is not null as "emailConfirmed",
           case when p.status = 'active' and exists (
             select from partner_program.suspension s where s.partner_id = p.id and s.valid @> now()
           ) then 'suspended' else p.status end as status
    from partner_program.partner p
    where p.user_id = $1`,
};

/** The partner a CRM user is, with a suspension that is running now; null for a user who has not joined. */
export async function partnerOfUser(tx: EntityManager, userId: string): Promise<ActorPartner | null> {
  const [partner] = await run<ActorPartner>(tx, PARTNER_OF_USER, [userId]);
  return partner ?? null;
}
