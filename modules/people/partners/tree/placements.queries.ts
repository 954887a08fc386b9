import type { EntityManager } from 'typeorm';
import { changed, rows, run } from '../../../kernel/query';
import { Partner } from '../partner.entity';

/** Where a partner stands from a moment on. */
export interface PlacementRow {
  readonly id: string;
  readonly partnerId: string;
  readonly sponsorId: string | null;
  readonly effectiveAt: Date;
  readonly reason: string;
  readonly placedBy: string;
}

const LAST_PLACEMENT = {
  name: 'placements-last',
  text: `
    select id, partner_id, sponsor_id, lower(valid) as effective_at, reason,
           placed_by
      from partner_program.placement where partner_id = $1 and upper(valid) is null`,
};

/** The placement without an end: the present one, or a planned one. */
export async function lastPlacement(tx: EntityManager, partnerId: string): Promise<PlacementRow | undefined> {
  const [row] = await rows<PlacementRow>(tx, LAST_PLACEMENT, [partnerId]);
  return row;
}

const SPONSOR_AT = {
  name: 'placements-sponsor-at',
  text: `select sponsor_id from partner_program.placement where partner_id = $1 and valid @> $2::timestamptz`,
};

export async function sponsorAt(tx: EntityManager, partnerId: string, at: Date): Promise<string | null> {
  const [row] = await rows<{ sponsorId: string | null }>(tx, SPONSOR_AT, [partnerId, at]);
  return row?.sponsorId ?? null;
}

const WOULD_CIRCLE = {
  name: 'placements-would-circle',
  // A planned move may close a circle with one planned for later, so every later moment of change is looked at too.
  text: `
    with recursive moment as (
      select $3::timestamptz as at
      union select lower(valid) from partner_program.placement where lower(valid) > $3
    ),
    walk as (
      select moment.at, $2::uuid as partner_id from moment
      union
      select walk.at, p.sponsor_id from walk
        join partner_program.placement p on p.partner_id = walk.partner_id and p.valid @> walk.at
       where p.sponsor_id is not null and walk.partner_id <> $1
    )
    select exists (select 1 from walk where partner_id = $1) as found`,
};

/** Whether the partner stands above the new sponsor at the moment of the move or at any later one. */
export async function wouldCircle(tx: EntityManager, partnerId: string, sponsorId: string, at: Date): Promise<boolean> {
  const [row] = await rows<{ found: boolean }>(tx, WOULD_CIRCLE, [partnerId, sponsorId, at]);
  return row!.found;
}

const CLOSE = {
  name: 'placements-close',
  text: `update partner_program.placement set valid = tstzrange(lower(valid), $2) where id = $1`,
};
const OPEN = {
  name: 'placements-open',
  text: `
    insert into partner_program.placement (partner_id, sponsor_id, valid, reason, placed_by)
    values ($1, $2, tstzrange($3, null), $4, $5)
    returning id, partner_id, sponsor_id, lower(valid) as effective_at, reason,
              placed_by`,
};

/** Ends one placement and begins the next at the same moment. */
export async function replacePlacement(
  tx: EntityManager,
  last: PlacementRow,
  next: Omit<PlacementRow, 'id' | 'partnerId'>,
): Promise<PlacementRow> {
  await run(tx, CLOSE, [last.id, next.effectiveAt]);
  const [row] = await rows<PlacementRow>(tx, OPEN, [
    last.partnerId,
    next.sponsorId,
    next.effectiveAt,
    next.reason,
    next.placedBy,
  ]);
  return row!;
}

// Who stands above before and after keeps the count.
const RECOUNT = {
  name: 'placements-recount',
  text: `
    with moved as (
      select own.path, own.downline_count + 1 as partners, p.sponsor_id
        from partner_program.partner_path own join partner_program.partner p on p.id = own.partner_id
       where own.partner_id = $1
    ), step as (
      select step::bigint as seq, -1 as sign
        from moved, string_to_table(rtrim(left(moved.path, -length(split_part(moved.path, '.', -2)) - 1), '.'), '.') as step
       where step <> ''
      union all
      select step::bigint, 1 from partner_program.partner_path s, string_to_table(rtrim(s.path, '.'), '.') as step
       where s.partner_id = $2
    ), change as (
      select p.id, sum(step.sign) * moved.partners as partners,
             (p.id is not distinct from $2)::integer - (p.id is not distinct from moved.sponsor_id)::integer as direct
        from step join partner_program.partner p using (seq) cross join moved
       group by p.id, moved.partners, moved.sponsor_id
    )
    update partner_program.partner_path above
       set downline_count = above.downline_count + change.partners, direct_count = above.direct_count + change.direct
      from change where above.partner_id = change.id and (change.partners <> 0 or change.direct <> 0)`,
};
const REPATH = {
  name: 'placements-repath',
  text: `
    update partner_program.partner_path p
       set path = coalesce(above.path, '') || own.seq || '.' || substr(p.path, length(old.path) + 1),
           depth = p.depth - old.depth + coalesce(above.depth + 1, 0)
      from partner_program.partner_path old
      join partner_program.partner own on own.id = old.partner_id
      left join partner_program.partner_path above on above.partner_id = $2
     where old.partner_id = $1
       and p.prefix >= old.prefix and p.prefix < partner_program.path_end(old.path) and starts_with(p.path, old.path)`,
};
/** Lets the present shape of the tree follow a move. @returns how many partners it moved, the partner included */
export async function reshape(tx: EntityManager, partnerId: string, sponsorId: string | null): Promise<number> {
  await run(tx, RECOUNT, [partnerId, sponsorId]);
  await tx.update(Partner, { id: partnerId }, { sponsorId });
  return changed(tx, REPATH, [partnerId, sponsorId]);
}

const UPLINE_IDS = {
  name: 'placements-upline-ids',
  text: `
    with recursive walk as (
      select p.sponsor_id as id, 1 as level from partner_program.placement p where p.partner_id = $1 and p.valid @> $2::timestamptz
      union all
      select p.sponsor_id, walk.level + 1 from walk
        join partner_program.placement p on p.partner_id = walk.id and p.valid @> $2::timestamptz
    )
    select p.id, p.first_name || ' ' || p.last_name as name
      from walk join partner_program.partner p on p.id = walk.id order by walk.level`,
};

/** Everybody above a partner at a moment, the sponsor first. */
export function uplineAt(tx: EntityManager, partnerId: string, at: Date): Promise<{ id: string; name: string }[]> {
  return rows(tx, UPLINE_IDS, [partnerId, at]);
}
