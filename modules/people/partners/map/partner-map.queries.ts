import type { EntityManager } from 'typeorm';
import { rows } from '../../../kernel/query';
import { STATUS_OF_PARTNER } from '../partner-list.queries';
import type { PartnerListRow } from '../partner-list.queries';

/** Somebody on the map. */
export interface MapRow {
  readonly id: string;
  readonly name: string;
  readonly status: PartnerListRow['status'];
  readonly sponsorId: string | null;
  readonly depth: number;
}

const MAP = {
  name: 'partner-map',
  // Whoever asks for a part of a large tree must not read all of it, so the limit comes before the order.
  text: `
    with part as (
      select path.partner_id, path.depth
        from partner_program.partner_path path
        left join partner_program.partner_path root on root.partner_id = $1
       where $1::uuid is null or (
               left(path.path, 1000) >= left(root.path, 1000) and left(path.path, 1000) < partner_program.path_end(root.path)
               and starts_with(path.path, root.path))
       limit $2
    )
    select p.id, p.first_name || ' ' || p.last_name as name, ${STATUS_OF_PARTNER} as status,
           p.sponsor_id, part.depth
      from part join partner_program.partner p on p.id = part.partner_id
     order by part.depth, p.joined_at, p.id`,
};

/**
 * A partner with everybody below, or everybody, those above before those below; any so many where there are more.
 * @param rootId null for everybody
 */
export function mapRows(tx: EntityManager, rootId: string | null, limit: number): Promise<MapRow[]> {
  return rows(tx, MAP, [rootId, limit]);
}
