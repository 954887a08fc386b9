import type { EntityManager } from 'typeorm';
import { rows } from '../../kernel/query';
import { tidyText } from '../../kernel/tidy-text';
import { type Balance, balancesColumn } from '../../ledger/balances.queries';
import type { TreePlace } from '../../platform/web/access/actor';

/** A row of "Twoi partnerzy". Levels count from the viewer, or from the top where everybody is listed. */
export interface PartnerListRow {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string | null;
  readonly userId: string | null;
  /** Null for somebody who waits to be approved and stands nowhere yet. */
  readonly level: number | null;
  /** Of somebody who waits, when the registration was. */
  readonly joinedAt: Date;
  readonly status: 'active' | 'awaitingApproval' | 'suspended' | 'left';
  readonly emailConfirmed: boolean;
  readonly sponsorId: string | null;
  readonly sponsorName: string | null;
  readonly directCount: number;
  readonly downlineCount: number;
  /** What the list is ordered by, as text: where the next page begins. */
  readonly sortKey: string;
  /** By currency; for holders of `manageBalances`. */
  readonly wallets?: readonly Balance[];
}

export interface PartnerListFilter {
  /** Only the downline of this partner; null for everybody. */
  readonly above: string | null;
  readonly search?: string;
  readonly status?: string;
  readonly level?: number;
  readonly direct?: boolean;
  /** Only who stands in the tree; else a list of everybody has those who wait to be approved as well. */
  readonly placed?: boolean;
  readonly sort: 'joinedAt' | 'name';
  readonly withWallets?: boolean;
}

/** The sort key of the last row of the page before. */
export interface PartnerListPosition {
  readonly key: string;
  readonly id: string;
}

/** Of the row `p` of a statement. */
export const STATUS_OF_PARTNER = `case when p.status = 'active' and exists (
    select 1 from partner_program.suspension s where s.partner_id = p.id and s.valid @> partner_program.now_ms())
  then 'suspended' else p.status end`;

interface Order {
  /** In `partner_path path`: the index of a downline holds it. */
  readonly pathKey: string;
  /** In `partner p`: an index has this order. */
  readonly partnerKey: string;
  readonly type: 'timestamptz' | 'text';
  readonly direction: 'asc' | 'desc';
  readonly after: '<' | '>';
  /** Before the first row of all. */
  readonly start: PartnerListPosition;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const JOINED = { pathKey: 'path.joined_at', partnerKey: 'p.joined_at', type: 'timestamptz' } as const;

const OLDEST: Order = { ...JOINED, direction: 'asc', after: '>', start: { key: '-infinity', id: FIRST_ID } };
const ORDERS: Readonly<Record<PartnerListFilter['sort'], Order>> = {
  joinedAt: { ...JOINED, direction: 'desc', after: '<', start: { key: 'infinity', id: LAST_ID } },
  name: {
    pathKey: 'path.name_key',
    partnerKey: `lower(p.last_name || ' ' || p.first_name) collate "pl-x-icu"`,
    type: 'text',
    direction: 'asc',
    after: '>',
    start: { key: '', id: FIRST_ID },
  },
};

/** Whose downline is listed, and from where levels count; without an id, everybody is. */
interface Place extends Omit<TreePlace, 'directCount'> {
  readonly id: string | null;
}

const EVERYBODY: Place = { id: null, low: '', high: '', isDeep: false, depth: 0, downlineCount: 0, everybody: 0 };

const PLACE = {
  name: 'partner-list-place',
  text: `
    select partner_id as id, prefix as low, partner_program.path_end(path) as high, path <> prefix as is_deep, depth,
           downline_count,
           greatest(downline_count, (select reltuples from pg_class where oid = 'partner_program.partner_path'::regclass))
             as everybody
      from partner_program.partner_path where partner_id = $1`,
};

interface Ask {
  readonly place: Place;
  readonly order: Order;
  readonly filter: PartnerListFilter;
  /** Only this depth of the tree. */
  readonly depth: number | null;
  readonly after: PartnerListPosition;
  readonly limit: number;
}

/** Takes a value of the statement and answers the `$n` that stands for it. */
type Given = (value: unknown) => string;

/** One way to find the ids and keys of a page. Values apart, its text depends on the place, the order and the filter. */
type Source = (given: Given, ask: Ask) => string;

/** Whether those are asked for too who wait for their place. */
function withWaiting({ place, depth, filter: { placed = false, status = 'awaitingApproval' } }: Ask): boolean {
  return place.id === null && depth === null && !placed && status === 'awaitingApproval';
}

const inOrder = ({ direction }: Order) => `order by key ${direction}, id ${direction}`;

function isBelow(given: Given, { place, depth }: Ask): string {
  const level = given(depth);
  const atDepth = `(${level}::integer is null or path.depth = ${level})`;
  if (place.id === null) return atDepth;
  const id = `${given(place.id)}::uuid`;
  const own = `(select own.path from partner_program.partner_path own where own.partner_id = ${id})`;
  return `path.prefix >= ${given(place.low)} and path.prefix < ${given(place.high)} and path.partner_id <> ${id}
    ${place.isDeep ? `and starts_with(path.path, ${own})` : ''} and ${atDepth}`;
}

function isAfter(given: Given, { order: { after: sign, type }, after }: Ask, key: string, id: string): string {
  return `(${key}, ${id}) ${sign} (${given(after.key)}::${type}, ${given(after.id)}::uuid)`;
}

/** Of the row `p` of a statement and the `path` that it has or has not. */
function isListed(ask: Ask): string {
  return withWaiting(ask)
    ? `(path.partner_id is not null or p.status = 'awaitingApproval')`
    : 'path.partner_id is not null';
}

/** Who answers to the search, has the status that is asked for and, where it is, stands directly below. */
function isMeant(given: Given, { place, filter: { search, status, direct } }: Ask): string {
  const conditions = ['true'];
  if (direct && place.id !== null) conditions.push(`p.sponsor_id = ${given(place.id)}`);
  if (search !== undefined) {
    const pattern = given(`%${(tidyText(search) ?? '').replace(/[\\%_]/g, '\\$&')}%`);
    conditions.push(`partner_program.folded(p.first_name || ' ' || p.last_name || ' ' || p.first_name || ' ' || p.email)
                     like partner_program.folded(${pattern})`);
  }
  if (status !== undefined) {
    const suspended =
      'select s.partner_id from partner_program.suspension s where s.valid @> (select partner_program.now_ms())';
    const isSuspended = status === 'suspended' ? 'in' : 'not in';
    conditions.push(`p.status = ${given(status === 'suspended' ? 'active' : status)}`);
    if (status === 'suspended' || status === 'active') conditions.push(`p.id ${isSuspended} (${suspended})`);
  }
  return conditions.join(' and ');
}

/** Those directly below, by the index of the sponsor. */
const children: Source = (given, ask) => `
  select p.id, ${ask.order.partnerKey} as key
    from partner_program.partner p join partner_program.partner_path path on path.partner_id = p.id
   where p.sponsor_id ${ask.place.id === null ? 'is null' : `= ${given(ask.place.id)}`}
     and ${isAfter(given, ask, ask.order.partnerKey, 'p.id')}
   ${inOrder(ask.order)} limit ${given(ask.limit)}`;

/** The whole downline, by the index of its paths, which also holds what it is ordered by. */
const downline: Source = (given, ask) => `
  select path.partner_id as id, ${ask.order.pathKey} as key from partner_program.partner_path path
   where ${isBelow(given, ask)} and ${isAfter(given, ask, ask.order.pathKey, 'path.partner_id')}
   ${inOrder(ask.order)} limit ${given(ask.limit)}`;

/**
 * Everybody by their keys, and who of them is meant and stands in the downline. The planner is shown the values: it begins
 * with the order, with the downline or with the index of the search.
 */
const everybody: Source = (given, ask) => `
  select p.id, ${ask.order.partnerKey} as key
    from partner_program.partner p left join partner_program.partner_path path on path.partner_id = p.id
   where ${isListed(ask)} and ${isBelow(given, ask)} and ${isMeant(given, ask)}
     and ${isAfter(given, ask, ask.order.partnerKey, 'p.id')}
   ${inOrder(ask.order)} limit ${given(ask.limit)}`;

/** The first so many people in order, and who of them stands in the downline; each is looked up, whatever the planner thinks. */
const first = (most: number): Source => {
  return (given, ask) => `
    select p.id, p.key
      from (select p.id, ${ask.order.partnerKey} as key from partner_program.partner p
             where ${isAfter(given, ask, ask.order.partnerKey, 'p.id')}
             ${inOrder(ask.order)} limit ${given(most)}::bigint) p
     cross join lateral (select from partner_program.partner_path path
                          where path.partner_id = p.id and ${isBelow(given, ask)} offset 0) path
     ${inOrder(ask.order)} limit ${given(ask.limit)}`;
};
const WALLETS = balancesColumn('page.id');

/** @param name of a statement that is planned once a connection; without one it is planned for its values */
function pageFrom(tx: EntityManager, source: Source, ask: Ask, name?: string): Promise<PartnerListRow[]> {
  const values: unknown[] = [];
  const given: Given = (value) => `$${values.push(value)}`;
  const { direction } = ask.order;
  const { withWallets } = ask.filter;
  const text = `
    with page as materialized (${source(given, ask)})
    select p.id, p.first_name, p.last_name, p.email, p.phone, p.user_id,
           path.depth - ${given(ask.place.depth)}::integer as level, p.joined_at, ${STATUS_OF_PARTNER} as status,
           p.email_confirmed_at is not null as email_confirmed, p.sponsor_id,
           s.first_name || ' ' || s.last_name as sponsor_name, coalesce(path.direct_count, 0) as direct_count,
           coalesce(path.downline_count, 0) as downline_count, page.key::text as sort_key
           ${withWallets ? `, ${WALLETS} as wallets` : ''}
      from page join partner_program.partner p on p.id = page.id
      left join partner_program.partner_path path on path.partner_id = page.id
      left join partner_program.partner s on s.id = p.sponsor_id
     order by page.key ${direction}, page.id ${direction}`;
  if (name === undefined) return rows(tx, text, values);
  const where = ask.place.id === null ? 'all' : ask.place.isDeep ? 'deep' : 'below';
  const what = `${name}-${where}-${ask.order.type}-${direction}${withWallets ? '-wallets' : ''}`;
  return rows(tx, { name: `partner-list-${what}`, text }, values);
}

/** Looking somebody up costs about as much as so many entries of the index of a downline. */
const LOOK_UP_COST = 25;

/**
 * A page of partners: those directly below, a downline, or everybody. Of a downline that is a good part of everybody it is
 * found among the first people in order, unless they are others.
 *
 * @param known the place of the partner above, where it was read before
 */
export async function listPartners(
  tx: EntityManager,
  filter: PartnerListFilter,
  { after, limit, known }: { after?: PartnerListPosition; limit: number; known?: TreePlace | null },
): Promise<PartnerListRow[]> {
  const { level, direct, search, status, above } = filter;
  const place = above === null ? EVERYBODY : known ? { ...known, id: above } : await placeOf(tx, above);
  const nearest = place?.id === null ? 0 : 1;
  if (!place || (direct && (level ?? nearest) !== nearest)) return [];
  const order = ORDERS[filter.sort];
  const below = direct ? nearest : level;
  const depth = below === undefined ? null : place.depth + below;
  const ask: Ask = { place, order, filter, depth, after: after ?? order.start, limit };
  if (search !== undefined || status !== undefined) return pageFrom(tx, everybody, ask);
  if (direct) return pageFrom(tx, children, ask, 'children');
  if (place.id === null) return pageFrom(tx, everybody, ask);
  const most = Math.floor(place.downlineCount / LOOK_UP_COST);
  if (depth === null && limit * place.everybody < most * place.downlineCount) {
    const rows = await pageFrom(tx, first(most), ask, 'first');
    if (rows.length === limit) return rows;
  }
  return pageFrom(tx, downline, ask, 'downline');
}

/** How many of a downline joined since a moment, up to a limit: as dear as a page of the newest. */
export async function joinedSince(
  tx: EntityManager,
  partnerId: string,
  { since, limit, known }: { since: Date; limit: number; known?: TreePlace | null },
): Promise<number> {
  const newest = await listPartners(tx, { above: partnerId, sort: 'joinedAt' }, { limit, known });
  return newest.filter(({ joinedAt }) => joinedAt >= since).length;
}

/** The rows of these partners, in no order; of whoever stands nowhere there is none. */
export async function rowsOf(
  tx: EntityManager,
  { above, withWallets }: Pick<PartnerListFilter, 'above' | 'withWallets'>,
  ids: readonly string[],
): Promise<PartnerListRow[]> {
  const place = above === null ? EVERYBODY : await placeOf(tx, above);
  const order = ORDERS.name;
  const named: Source = (given) => `
    select partner_id as id, ''::text as key from partner_program.partner_path where partner_id = any (${given(ids)})`;
  const ask = {
    order,
    filter: { above, withWallets, sort: 'name' },
    depth: null,
    after: order.start,
    limit: ids.length,
  } as const;
  return pageFrom(tx, named, { ...ask, place: place ?? EVERYBODY }, 'named');
}

/** The partners directly below, in the order in which they joined. */
export async function childrenOf(
  tx: EntityManager,
  partnerId: string,
  { after, limit, withWallets }: { after?: PartnerListPosition; limit: number; withWallets?: boolean },
): Promise<PartnerListRow[]> {
  const place = await placeOf(tx, partnerId);
  const filter: PartnerListFilter = { above: partnerId, direct: true, sort: 'joinedAt', withWallets };
  const ask = { order: OLDEST, filter, depth: null, after: after ?? OLDEST.start, limit };
  return place ? pageFrom(tx, children, { ...ask, place }, 'children') : [];
}

async function placeOf(tx: EntityManager, partnerId: string): Promise<Place | undefined> {
  const [place] = await rows<Place>(tx, PLACE, [partnerId]);
  return place;
}
