import type { EntityManager } from 'typeorm';
import { rows } from '../../kernel/query';

const ADD_REMINDER = {
  name: 'membership-add-reminder',
  text: `
    insert into partner_program.join_reminder (user_id, supervisor_id, day)
    values ($1, $2, (partner_program.now_ms() at time zone 'utc')::date)
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
