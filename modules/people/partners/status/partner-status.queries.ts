import type { EntityManager } from 'typeorm';
import { changed, rows, run } from '../../../kernel/query';

const STANDING = {
  name: 'standings-of',
  text: `
    select (select s.reason from partner_program.suspension s join partner_program.partner p on p.id = s.partner_id
             where s.partner_id = $1 and s.valid @> partner_program.now_ms() and p.status <> 'left') as suspension_reason,
           (select r.rank from partner_program.partner_rank r
             where r.partner_id = $1 and r.valid @> partner_program.now_ms()) as rank`,
};

/** How a partner stands now; who has left is no longer suspended. */
export async function standingOf(
  tx: EntityManager,
  partnerId: string,
): Promise<{ suspensionReason: string | null; rank: string | null }> {
  const [row] = await rows<{ suspensionReason: string | null; rank: string | null }>(tx, STANDING, [partnerId]);
  return row!;
}

const SUSPEND = {
  name: 'standings-suspend',
  text: `insert into partner_program.suspension (partner_id, valid, reason, suspended_by) values ($1, tstzrange($2, null), $3, $4)`,
};

export async function openSuspension(
  tx: EntityManager,
  suspension: { partnerId: string; from: Date; reason: string; by: string },
): Promise<void> {
  const { partnerId, from, reason, by } = suspension;
  await run(tx, SUSPEND, [partnerId, from, reason, by]);
}

const END_SUSPENSION = {
  name: 'standings-end-suspension',
  text: `
    update partner_program.suspension set valid = tstzrange(lower(valid), $2)
     where partner_id = $1 and upper(valid) is null and lower(valid) < $2`,
};

/** @returns whether there was one to end */
export async function endSuspension(tx: EntityManager, partnerId: string, at: Date): Promise<boolean> {
  const ended = await changed(tx, END_SUSPENSION, [partnerId, at]);
  return ended === 1;
}

const END_RANK = {
  name: 'standings-end-rank',
  text: `
    update partner_program.partner_rank set valid = tstzrange(lower(valid), $2)
     where partner_id = $1 and upper(valid) is null and lower(valid) < $2`,
};
const OPEN_RANK = {
  name: 'standings-open-rank',
  text: `insert into partner_program.partner_rank (partner_id, rank, valid, ranked_by) values ($1, $2, tstzrange($3, null), $4)`,
};

/** Gives a rank from a moment on, in place of the one held until then. */
export async function replaceRank(
  tx: EntityManager,
  ranking: { partnerId: string; rank: string; from: Date; by: string },
): Promise<void> {
  const { partnerId, rank, from, by } = ranking;
  await run(tx, END_RANK, [partnerId, from]);
  await run(tx, OPEN_RANK, [partnerId, rank, from, by]);
}
