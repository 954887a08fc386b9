import type { EntityManager } from 'typeorm';
import { rows, run } from '../../kernel/query';

/** Somebody on the way up from an originator, as of a moment. */
export interface UplineRow {
  /** Which of the asked (originator, moment) pairs, from 0. */
  readonly origin: number;
  readonly level: number;
  readonly partnerId: string;
  readonly active: boolean;
  readonly rank: string | null;
}

/**
 * Placements exclude each other, so the last one that began by then is the only one that can be in force. Asked that way,
 * a step up is one look into a b-tree instead of one into the exclusion's GiST index.
 *
 * @param origins rows `o` of a partner_id, an as_of, and their number n from 1
 */
export const uplinesFrom = (origins: string, withNames = false) => `
    with recursive walk as (
      select o.n::integer - 1 as origin, o.as_of, 0 as level, p.partner_id, p.sponsor_id
        from ${origins}
        join lateral (select partner_id, sponsor_id, valid from partner_program.placement
                       where partner_id = o.partner_id and lower(valid) <= o.as_of
                       order by lower(valid) desc limit 1) p on p.valid @> o.as_of
      union all
      select w.origin, w.as_of, w.level + 1, p.partner_id, p.sponsor_id
        from walk w
        join lateral (select partner_id, sponsor_id, valid from partner_program.placement
                       where partner_id = w.sponsor_id and lower(valid) <= w.as_of
                       order by lower(valid) desc limit 1) p on p.valid @> w.as_of
    )
    select w.origin, w.level, w.partner_id, s.id is null as active, r.rank
           ${withNames ? `, p.first_name || ' ' || p.last_name as name` : ''}
      from walk w
      ${withNames ? 'join partner_program.partner p on p.id = w.partner_id' : ''}
      left join partner_program.suspension s on s.partner_id = w.partner_id and s.valid @> w.as_of
      left join partner_program.partner_rank r on r.partner_id = w.partner_id and r.valid @> w.as_of
     order by w.origin, w.level`;

const GIVEN = 'unnest($1::uuid[], $2::timestamptz[]) with ordinality as o (partner_id, as_of, n)';
const UPLINES_AS_OF = { name: 'partners-uplines-as-of', text: uplinesFrom(GIVEN) };
const NAMED_UPLINES_AS_OF = { name: 'partners-named-uplines-as-of', text: uplinesFrom(GIVEN, true) };

/** Somebody at a moment. */
export interface Origin {
  readonly partnerId: string;
  readonly asOf: Date;
}

/**
 * Everybody from each originator (level 0) to the top, as the tree, the suspensions and the ranks stood at the
 * moment of each. An originator who had not joined by then has no rows.
 */
export function uplinesAsOf(tx: EntityManager, origins: readonly Origin[]): Promise<UplineRow[]> {
  if (origins.length === 0) return Promise.resolve([]);
  return rows(tx, UPLINES_AS_OF, [origins.map(({ partnerId }) => partnerId), origins.map(({ asOf }) => asOf)]);
}

/** The same with their names, for those who read it. */
export function namedUplinesAsOf(
  tx: EntityManager,
  origins: readonly Origin[],
): Promise<(UplineRow & { readonly name: string })[]> {
  if (origins.length === 0) return Promise.resolve([]);
  return rows(tx, NAMED_UPLINES_AS_OF, [origins.map(({ partnerId }) => partnerId), origins.map(({ asOf }) => asOf)]);
}

/** The partner a CRM user is. */
export interface PartnerOfUser {
  readonly partnerId: string;
  /** Since when, where the partner account is older than that; null where joining made it. */
  readonly linkedAt: Date | null;
}

const PARTNERS_OF_USERS = {
  name: 'partners-of-users',
  text: `
    select id as partner_id, linked_at, user_id
      from partner_program.partner where user_id = any ($1)`,
};

export async function partnersOfUsers(
  tx: EntityManager,
  userIds: readonly string[],
): Promise<Map<string, PartnerOfUser>> {
  const found = await rows<PartnerOfUser & { userId: string }>(tx, PARTNERS_OF_USERS, [userIds]);
  return new Map(found.map(({ userId, ...partner }) => [userId, partner]));
}

// The index folds every letter; whoever is meant must be the same but for the case of A to Z.
const LINK_USER = {
  name: 'partners-link-user',
  text: `
    update partner_program.partner set user_id = $1, linked_at = $3
     where lower(email) = lower($2) and lower(email collate "C") = lower($2 collate "C")
       and user_id is null and status <> 'left' and email_confirmed_at is not null
    returning id`,
};

/** @returns the partner of this confirmed address, whom the CRM user is from this moment on; undefined for none */
export async function linkUser(
  tx: EntityManager,
  userId: string,
  email: string,
  moment: Date,
): Promise<string | undefined> {
  const found = await rows<{ id: string }>(tx, LINK_USER, [userId, email, moment]);
  return found[0]?.id;
}

const NAMES = {
  name: 'partners-names',
  text: `select id, first_name || ' ' || last_name as name from partner_program.partner where id = any ($1)`,
};

export async function partnerNames(tx: EntityManager, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await rows<{ id: string; name: string }>(tx, NAMES, [[...new Set(ids)]]);
  return new Map(found.map(({ id, name }) => [id, name]));
}

const OPEN_PLACEMENT = {
  name: 'partners-open-placement',
  text: `
    with placed as (
      insert into partner_program.placement (partner_id, sponsor_id, valid, reason, placed_by)
      values ($1, $2, tstzrange($3, null), $4, $5)
    ), counted as (
      update partner_program.partner_path above
         set downline_count = above.downline_count + 1, direct_count = above.direct_count + (p.id = $2)::integer
        from partner_program.partner_path s, string_to_table(rtrim(s.path, '.'), '.') as step
        join partner_program.partner p on p.seq = step::bigint
       where s.partner_id = $2 and above.partner_id = p.id
    )
    insert into partner_program.partner_path (partner_id, path, depth, joined_at, name_key)
    select p.id, coalesce(s.path, '') || p.seq || '.', coalesce(s.depth + 1, 0), p.joined_at,
           lower(p.last_name || ' ' || p.first_name)
      from partner_program.partner p left join partner_program.partner_path s on s.partner_id = $2
     where p.id = $1`,
};

/** Puts a new partner into the tree. The caller holds the timeline. */
export async function openPlacement(
  tx: EntityManager,
  placement: { partnerId: string; sponsorId: string | null; from: Date; reason: string; placedBy: string },
): Promise<void> {
  const { partnerId, sponsorId, from, reason, placedBy } = placement;
  await run(tx, OPEN_PLACEMENT, [partnerId, sponsorId, from, reason, placedBy]);
}

const IN_DOWNLINE = {
  name: 'partners-in-downline',
  text: `select exists (
           select 1 from partner_program.partner_path upper join partner_program.partner_path lower
               on starts_with(lower.path, upper.path)
            where upper.partner_id = $1 and lower.partner_id = $2 and $1 <> $2) as found`,
};

/** Whether the second partner stands somewhere below the first, now. */
export async function isInDownline(tx: EntityManager, upper: string, lower: string): Promise<boolean> {
  const [row] = await rows<{ found: boolean }>(tx, IN_DOWNLINE, [upper, lower]);
  return row!.found;
}

const DOWNLINE_AMONG = {
  name: 'partners-downline-among',
  text: `
    select lower.partner_id as id
      from partner_program.partner_path upper
      join partner_program.partner_path lower on lower.partner_id = any ($2) and starts_with(lower.path, upper.path)
     where upper.partner_id = $1 and lower.partner_id <> $1`,
};

/** Those of the given who stand somewhere below a partner, now. */
export async function downlineAmong(tx: EntityManager, upper: string, ids: readonly string[]): Promise<Set<string>> {
  const found = await rows<{ id: string }>(tx, DOWNLINE_AMONG, [upper, ids]);
  return new Set(found.map(({ id }) => id));
}

const FLAGS_BY_EMAIL = {
  name: 'partners-flags-by-email',
  text: `
    select lower(email) as email, id as partner_id, joined_at as since from partner_program.partner
     where lower(email) in (select lower(given) from unnest($1::text[]) as given)
       and status <> 'left' and email_confirmed_at is not null and client_id is null`,
};

/** Partners by their confirmed e-mail address, in lower case; whoever is linked to a client is no other client. */
export async function flagsByEmail(
  tx: EntityManager,
  emails: readonly string[],
): Promise<Map<string, { partnerId: string; since: Date }>> {
  const found = await rows<{ email: string; partnerId: string; since: Date }>(tx, FLAGS_BY_EMAIL, [emails]);
  return new Map(found.map(({ email, ...flag }) => [email, flag]));
}

const FLAGS_BY_CLIENT = {
  name: 'partners-flags-by-client',
  text: `
    select client_id, id as partner_id, joined_at as since
      from partner_program.partner where client_id = any ($1) and status <> 'left'`,
};

/** Partners by the client that they were linked to. */
export async function flagsByClient(
  tx: EntityManager,
  clientIds: readonly string[],
): Promise<Map<string, { partnerId: string; since: Date }>> {
  const found = await rows<{ clientId: string; partnerId: string; since: Date }>(tx, FLAGS_BY_CLIENT, [clientIds]);
  return new Map(found.map(({ clientId, ...flag }) => [clientId, flag]));
}
