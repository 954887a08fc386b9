import type { EntityManager } from 'typeorm';
import { rows } from '../../kernel/query';

/** The day it is in the program. */
const TODAY = `(partner_program.now_ms() at time zone (select time_zone from partner_program.settings))::date`;

const ADD_REMINDER = {
  name: 'membership-add-reminder',
  text: `
    insert into partner_program.join_reminder (user_id, supervisor_id, day) values ($1, $2, ${TODAY})
    on conflict on constraint join_reminder_pkey do nothing returning day::text as day`,
};

/** @returns the day of the reminder; undefined when the user sent one today already */
export async function addReminder(
  tx: EntityManager,
  userId: string,
  supervisorId: string,
): Promise<string | undefined> {
  const [row] = await rows<{ day: string }>(tx, ADD_REMINDER, [userId, supervisorId]);
  return row?.day;
}

const REMINDED_BY = {
  name: 'membership-reminded-by',
  text: 'select distinct user_id from partner_program.join_reminder where supervisor_id = $1',
};

/** Who ever asked this supervisor to join. */
export async function remindedBy(tx: EntityManager, supervisorId: string): Promise<string[]> {
  const found = await rows<{ userId: string }>(tx, REMINDED_BY, [supervisorId]);
  return found.map(({ userId }) => userId);
}

const ADD_INVITATION = {
  name: 'membership-add-invitation',
  text: `
    insert into partner_program.join_invitation (user_id, supervisor_id, day) values ($1, $2, ${TODAY})
    on conflict on constraint join_invitation_pkey do nothing returning day::text as day`,
};

/** @returns the day of the invitation; undefined when the user was invited today already */
export async function addJoinInvitation(
  tx: EntityManager,
  userId: string,
  supervisorId: string,
): Promise<string | undefined> {
  const [row] = await rows<{ day: string }>(tx, ADD_INVITATION, [userId, supervisorId]);
  return row?.day;
}

const INVITED = {
  name: 'membership-invited',
  text: `
    select user_id, max(day)::text as day from partner_program.join_invitation where user_id = any ($1) group by user_id`,
};

/** The day on which each of these users was invited last. */
export async function lastInvited(tx: EntityManager, userIds: readonly string[]): Promise<Map<string, string>> {
  const found = await rows<{ userId: string; day: string }>(tx, INVITED, [userIds]);
  return new Map(found.map(({ userId, day }) => [userId, day]));
}
