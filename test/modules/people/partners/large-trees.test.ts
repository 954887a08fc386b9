import { Client } from 'pg';
import type { EntityManager } from 'typeorm';
import { beside, chains, grownTree, partnerId, star, writeTree } from '../../../../bench/support/tree';
import type { Sponsors } from '../../../../bench/support/tree';
import { childrenOf, listPartners } from '../../../../modules/people/partners/partner-list.queries';
import type { PartnerListFilter, PartnerListRow } from '../../../../modules/people/partners/partner-list.queries';
import { isInDownline } from '../../../../modules/people/partners/partners.queries';
import { reshape } from '../../../../modules/people/partners/tree/placements.queries';
import { attributeChanges } from '../../../../modules/platform/audit/audit.queries';
import { bootApp } from '../../../support/app';
import type { TestApp } from '../../../support/app';

const CHAIN = 2_500;
const WIDTH = 5_000;
/** The tops of a chain, of a node with everybody directly below, and of a tree that grew by itself. */
const [CHAIN_TOP, WIDE_TOP, GROWN_TOP] = [1, CHAIN + 1, CHAIN + WIDTH + 2] as const;
const LIMIT = 20;

let app: TestApp;
let db: EntityManager;
let sponsors: Sponsors;
let below: number[][];

beforeAll(async () => {
  app = await bootApp({ worker: false });
  db = app.db.manager;
  sponsors = beside(chains(CHAIN, CHAIN - 1), star(WIDTH + 1), grownTree(600));
  below = Array.from(sponsors, () => []);
  for (let n = 1; n < sponsors.length; n += 1) below[sponsors[n]!]!.push(n);
  const owner = new Client({ connectionString: (app.owner.options as { url: string }).url });
  await owner.connect();
  await owner.query('set session_replication_role = replica');
  await writeTree(owner, sponsors);
  await owner.query('set session_replication_role = origin');
  await owner.query(
    `insert into partner_program.suspension (partner_id, valid, reason, suspended_by)
     select id, tstzrange(joined_at, null), 'Wyjaśniamy', 'test' from partner_program.partner where seq % 97 = 0`,
  );
  await owner.query('vacuum analyze');
  await owner.end();
});
afterAll(() => app.close());

/** Everybody below a number with the level, found by going down. */
function downlineOf(top: number): Map<number, number> {
  const levels = new Map<number, number>();
  const open: [number, number][] = below[top]!.map((n) => [n, 1]);
  for (let next = open.pop(); next; next = open.pop()) {
    const [n, level] = next;
    levels.set(n, level);
    open.push(...below[n]!.map((child): [number, number] => [child, level + 1]));
  }
  return levels;
}

/** What the tree says of how many stand directly below a partner, and below in all. */
async function networkOf(tx: EntityManager, id: string): Promise<{ direct: number; total: number }> {
  const [row] = await tx.query<{ direct: number; total: number }[]>(
    'select direct_count as direct, downline_count as total from partner_program.partner_path where partner_id = $1',
    [id],
  );
  return row!;
}

const numberOf = ({ id }: PartnerListRow) => parseInt(id.slice(-12), 16);

/** The whole list, page by page. */
async function all(filter: PartnerListFilter, limit = 400): Promise<PartnerListRow[]> {
  const rows: PartnerListRow[] = [];
  for (let page: PartnerListRow[] | undefined; !page || page.length === limit;) {
    const last = rows.at(-1);
    page = await listPartners(db, filter, { after: last && { key: last.sortKey, id: last.id }, limit });
    rows.push(...page);
  }
  return rows;
}

const TOPS = [CHAIN_TOP, 100, 400, 2_000, CHAIN, WIDE_TOP, WIDE_TOP + 7, GROWN_TOP, GROWN_TOP + 3, GROWN_TOP + 40];

it.each(TOPS)(
  '[F40] [P11] lists exactly the downline of number %i, the newest first, with levels and counts',
  async (top) => {
    const levels = downlineOf(top);
    const rows = await all({ above: partnerId(top), sort: 'joinedAt' });
    expect(rows.map(numberOf)).toEqual([...levels.keys()].toSorted((a, b) => b - a));
    expect(rows.map(({ level }) => level)).toEqual(rows.map((row) => levels.get(numberOf(row))));
    expect(rows.map(({ directCount }) => directCount)).toEqual(rows.map((row) => below[numberOf(row)]!.length));
    const { direct, total } = await networkOf(db, partnerId(top));
    expect([direct, total]).toEqual([below[top]!.length, levels.size]);
  },
);

it.each(TOPS)(
  '[F40] [P11] lists the downline of number %i by name, once each, and answers its filters',
  async (top) => {
    const levels = downlineOf(top);
    const above = partnerId(top);
    const rows = await all({ above, sort: 'name' });
    expect(new Set(rows.map(numberOf))).toEqual(new Set(levels.keys()));
    expect(rows).toHaveLength(levels.size);
    const names = rows.map(({ lastName, firstName }) => `${lastName} ${firstName}`.toLowerCase());
    const collator = new Intl.Collator('pl');
    expect(names.findIndex((name, index) => index > 0 && collator.compare(names[index - 1]!, name) > 0)).toBe(-1);

    const wanted = (test: (row: PartnerListRow) => boolean) => rows.filter(test).map(numberOf);
    const found = async (filter: Partial<PartnerListFilter>) =>
      (await all({ above, sort: 'name', ...filter })).map(numberOf);
    expect(await found({ direct: true })).toEqual(wanted(({ level }) => level === 1));
    for (const level of [0, 2, 7]) expect(await found({ level })).toEqual(wanted((row) => row.level === level));
    expect(await found({ direct: true, level: 2 })).toEqual([]);
    expect(await found({ status: 'suspended' })).toEqual(wanted((row) => numberOf(row) % 97 === 0));
    expect(await found({ status: 'active', level: 3 })).toEqual(
      wanted((row) => row.level === 3 && numberOf(row) % 97 !== 0),
    );
    expect(await found({ search: 'kowal' })).toEqual(
      wanted((row) => /kowal/i.test(`${row.firstName} ${row.lastName}`)),
    );
    expect(await found({ search: '-12' })).toEqual(wanted(({ email }) => email.includes('-12')));
    expect(await found({ search: '%' })).toEqual([]);
  },
);

it('[F40] knows who stands below whom where paths are longer than the index compares', async () => {
  expect(await isInDownline(db, partnerId(2_000), partnerId(2_400))).toBe(true);
  expect(await isInDownline(db, partnerId(2_400), partnerId(2_000))).toBe(false);
  expect(await isInDownline(db, partnerId(2_000), partnerId(WIDE_TOP))).toBe(false);
});

/** Pages of the database that the statements of some work touched, each run once more under EXPLAIN. */
async function buffersOf(work: (tx: EntityManager) => Promise<unknown>): Promise<number> {
  let buffers = 0;
  const query = async (statement: string | { text: string }, values: unknown[]) => {
    const text = typeof statement === 'string' ? statement : statement.text;
    type Plan = { 'QUERY PLAN': [{ Plan: Record<'Shared Hit Blocks' | 'Shared Read Blocks', number> }] };
    const [row] = await db.query<Plan[]>(`explain (analyze, buffers, format json) ${text}`, values);
    const { Plan } = row!['QUERY PLAN'][0];
    buffers += Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'];
    return db.query(statement as string, values);
  };
  await work(Object.create(db, { query: { value: query } }) as EntityManager);
  return buffers;
}

it('[F40] touches few pages of the database for a page of a list, however long or wide the tree is', async () => {
  const costs: Record<string, number> = {};
  for (const top of [CHAIN_TOP, 150, WIDE_TOP]) {
    for (const sort of ['joinedAt', 'name'] as const) {
      const filter = { above: partnerId(top), sort };
      costs[`${top} by ${sort}`] = await buffersOf((tx) => listPartners(tx, filter, { limit: LIMIT }));
    }
  }
  const everybody = { above: null, sort: 'joinedAt' } as const;
  costs.everybody = await buffersOf((tx) => listPartners(tx, everybody, { limit: LIMIT }));
  const [late] = (await all({ above: partnerId(WIDE_TOP), sort: 'joinedAt' })).slice(WIDTH / 2);
  const after = { key: late!.sortKey, id: late!.id };
  costs['children, first'] = await buffersOf((tx) => childrenOf(tx, partnerId(WIDE_TOP), { limit: LIMIT }));
  costs['children, middle'] = await buffersOf((tx) => childrenOf(tx, partnerId(WIDE_TOP), { after, limit: LIMIT }));
  costs.network = await buffersOf((tx) => networkOf(tx, partnerId(WIDE_TOP)));
  for (const [what, buffers] of Object.entries(costs))
    expect({ what, few: buffers < 1_500 }).toEqual({ what, few: true });
});

it('[F40] [T1] moves half of a chain and keeps every path and count', async () => {
  await app.db.transaction(async (tx) => {
    await attributeChanges(tx, { ref: 'user:test' });
    expect(await reshape(tx, partnerId(1_200), partnerId(GROWN_TOP + 3))).toBe(CHAIN - 1_199);
    expect(await networkOf(tx, partnerId(CHAIN_TOP))).toEqual({ direct: 1, total: 1_198 });
    expect(await networkOf(tx, partnerId(GROWN_TOP))).toMatchObject({ total: 599 + CHAIN - 1_199 });
    const rows = await listPartners(tx, { above: partnerId(1_900), sort: 'joinedAt' }, { limit: 1_000 });
    expect(rows.map(numberOf)).toEqual(Array.from({ length: 600 }, (_, index) => CHAIN - index));
    await tx.query(
      `update partner_program.placement set valid = tstzrange(lower(valid), now()) where partner_id = $1`,
      [partnerId(1_200)],
    );
    await tx.query(
      `insert into partner_program.placement (partner_id, sponsor_id, valid, reason, placed_by)
       values ($1, $2, tstzrange(now(), null), 'moved', 'test')`,
      [partnerId(1_200), partnerId(GROWN_TOP + 3)],
    );
  });
});
