import type { EntityManager } from 'typeorm';
import { rows, run } from '../../kernel/query';

/**
 * The lock between those who change the tree or the rules and those who calculate from them. Writers hold it
 * alone; a calculation shares it, so that it never misses a change that was made before its moment.
 */
const TIMELINE_LOCK = 7_076_002;

const TAKE = {
  name: 'timeline-take',
  text: 'select earliest, moment from partner_program.take_timeline($1)',
};
const SHARE = { name: 'timeline-share', text: 'select pg_advisory_xact_lock_shared($1)' };
const CALCULATED = {
  name: 'timeline-calculated',
  text: `update partner_program.timeline set calculated_until = greatest(calculated_until, $1)`,
};

export interface ChangeMoment {
  /** The first moment not yet calculated with: nothing may change from before it. */
  readonly earliest: Date;
  /** The moment of a change that names no date: no other change has the same. */
  readonly moment: Date;
}

/** Takes the timeline for a change; the first statement of its transaction. */
export async function lockTimeline(tx: EntityManager): Promise<ChangeMoment> {
  const [row] = await rows<ChangeMoment>(tx, TAKE, [TIMELINE_LOCK]);
  return row!;
}

/** Lets a calculation read the timeline while nobody changes it; the first statement of its transaction. */
export async function shareTimeline(tx: EntityManager): Promise<void> {
  await run(tx, SHARE, [TIMELINE_LOCK]);
}

/** Notes that commissions were calculated as of this moment. */
export async function markCalculated(tx: EntityManager, until: Date): Promise<void> {
  await run(tx, CALCULATED, [until]);
}
