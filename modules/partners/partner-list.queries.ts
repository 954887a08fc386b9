import type { EntityManager } from 'typeorm';
import { run } from '../kernel/query';

/** A row of "Twoi partnerzy". Levels count from the viewer, or from the top where everybody is listed. */
export interface PartnerListRow {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string | null;
  readonly userId: string | null;
  readonly level: number;
  readonly joinedAt: Date;
  readonly status: 'active' | 'awaitingApproval' | 'suspended' | 'left';
  readonly emailConfirmed: boolean;
  readonly sponsorId: string | null;
  readonly sponsorName: string | null;
  readonly directCount: number;
  readonly downlineCount: number;
  /** What the list is ordered by, as text: where the next page begins. */
  readonly sortKey: string;
}

export interface PartnerListFilter {
  /** Only the downline of this partner; null for everybody. */
  readonly above: string | null;
  readonly search?: string;
  readonly status?: string;
  readonly level?: number;
  readonly direct?: boolean;
  readonly sort: 'joinedAt' | 'name';
}

/** The sort key of the last row of the page before. */
export interface PartnerListPosition {
  readonly key: string;
  readonly id: string;
}

const STATUS = `case when p.status = 'active' and exists (
    select 1 from partner_program.suspension s where s.partner_id = p.id and s.valid @> partner_program.now_ms())
  then 'suspended' else p.status end`;

const COLUMNS = `
  p.id, p.first_name as "firstName", p.last_name as "lastName", p.email, p.phone, p.user_id as "userId",
  path.depth - coalesce(own.depth, 0) as level, p.joined_at as "joinedAt", ${STATUS} as status,
  p.email_confirmed_at is not null as "emailConfirmed", p.sponsor_id as "sponsorId",
  (select s.first_name || ' ' || s.last_name from partner_program.partner s where s.id = p.sponsor_id) as "sponsorName",
  (select count(*) from partner_program.partner d where d.sponsor_id = p.id)::integer as "directCount",
  (select count(*) - 1 from partner_program.partner_path d
    where left(d.path, 1000) >= left(path.path, 1000) and left(d.path, 1000) < partner_program.path_end(path.path)
      and starts_with(d.path, path.path))::integer as "downlineCount"`;

/** The same rows in two orders; the planner needs the order written out to walk an index. */
function listStatement(sort: 'joinedAt' | 'name') {
  const key = sort === 'name' ? `lower(p.last_name || ' ' || p.first_name) collate "pl-x-icu"` : 'p.joined_at';
  const given = sort === 'name' ? '$7::text' : '$7::timestamptz';
  const [after, direction] = sort === 'name' ? ['>', 'asc'] : ['<', 'desc'];
  return {
    name: `partner-list-by-${sort}`,
    text: `
      with page as materialized (
        select p.id, ${key} as key
          from partner_program.partner p
          join partner_program.partner_path path on path.partner_id = p.id
          left join partner_program.partner_path own on own.partner_id = $1
         where ($1::uuid is null or (
                 left(path.path, 1000) >= left(own.path, 1000) and left(path.path, 1000) < partner_program.path_end(own.path)
                 and starts_with(path.path, own.path) and p.id <> $1))
           and ($2::text is null or p.first_name || ' ' || p.last_name ilike $2 or p.email ilike $2)
           and ($3::text is null or ${STATUS} = $3)
           and ($4::integer is null or path.depth - coalesce(own.depth, 0) = $4)
           and (not $5 or p.sponsor_id is not distinct from $1)
           and ($6::uuid is null or (${key}, p.id) ${after} (${given}, $6))
         order by key ${direction}, p.id ${direction} limit $8
      )
      select ${COLUMNS}, page.key::text as "sortKey"
        from page join partner_program.partner p on p.id = page.id
        join partner_program.partner_path path on path.partner_id = p.id
        left join partner_program.partner_path own on own.partner_id = $1
       order by page.key ${direction}, p.id ${direction}`,
  };
}

const LISTS = { joinedAt: listStatement('joinedAt'), name: listStatement('name') };

export function listPartners(
  tx: EntityManager,
  { above, search, status, level, direct = false, sort }: PartnerListFilter,
  { after, limit }: { after?: PartnerListPosition; limit: number },
): Promise<PartnerListRow[]> {
  return run(tx, LISTS[sort], [
    above,
    search === undefined ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`,
    status ?? null,
    level ?? null,
    direct,
    after?.id ?? null,
    after?.key ?? null,
    limit,
  ]);
}

const ROWS = {
  name: 'partner-list-rows',
  text: `
    select ${COLUMNS}, '' as "sortKey"
      from partner_program.partner p
      join partner_program.partner_path path on path.partner_id = p.id
      left join partner_program.partner_path own on own.partner_id = $1
     where p.id = any ($2)`,
};

/** The rows of these partners, in no order; of whoever stands nowhere there is none. */
export function rowsOf(tx: EntityManager, above: string | null, ids: readonly string[]): Promise<PartnerListRow[]> {
  return run(tx, ROWS, [above, ids]);
}

const CHILDREN = {
  name: 'partner-list-children',
  text: `
    select ${COLUMNS}, p.joined_at::text as "sortKey"
      from partner_program.partner p
      join partner_program.partner_path path on path.partner_id = p.id
      left join partner_program.partner_path own on own.partner_id = $1
     where p.sponsor_id = $1 and ($2::uuid is null or (p.joined_at, p.id) > ($3::timestamptz, $2))
     order by p.joined_at, p.id limit $4`,
};

/** The partners directly below, in the order in which they joined. */
export function childrenOf(
  tx: EntityManager,
  partnerId: string,
  { after, limit }: { after?: PartnerListPosition; limit: number },
): Promise<PartnerListRow[]> {
  return run(tx, CHILDREN, [partnerId, after?.id ?? null, after?.key ?? null, limit]);
}
