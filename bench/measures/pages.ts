import { balancesOf } from '../../modules/ledger/balances.queries';
import { listPartners } from '../../modules/people/partners/partner-list.queries';
import type {
  PartnerListFilter,
  PartnerListPosition,
  PartnerListRow,
} from '../../modules/people/partners/partner-list.queries';
import type { Lab } from '../support/lab';
import { costOf, measure, median } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { partnerId } from '../support/tree';

const LIMIT = 50;
const PAGES = 20;
const TARGETS = [1_000, 10_000, 100_000, 1_000_000];

/** The same columns of the same people by their keys. */
const ROWS_BY_KEY = {
  name: 'keys-partners',
  text: `select p.id, p.first_name, p.last_name, p.email, p.phone, p.user_id, path.depth, p.joined_at, p.status,
                p.email_confirmed_at, p.sponsor_id, s.first_name || ' ' || s.last_name, path.direct_count, path.downline_count
           from partner_program.partner p join partner_program.partner_path path on path.partner_id = p.id
           left join partner_program.partner s on s.id = p.sponsor_id
          where p.id = any ($1)`,
};

/** The partner whose downline is nearest to a size. */
export async function topOf({ owner }: Lab, downline: number): Promise<{ id: string; downline: number }> {
  const { rows } = await owner.query<{ id: string; downline: number }>(
    `select partner_id as id, downline_count as downline from partner_program.partner_path
      order by abs(downline_count - $1) limit 1`,
    [downline],
  );
  return rows[0]!;
}

/** A page of "Twoi partnerzy" with wallets, of downlines of several sizes, against the rows of the page by key. */
export async function pages(lab: Lab): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const target of TARGETS) {
    const { id, downline } = await topOf(lab, target);
    if (downline < target / 2) continue;
    for (const sort of ['joinedAt', 'name'] as const) {
      measures.push(await page(lab, `H3 ${target} by ${sort}`, { above: id, sort }, { atMost: 10 }));
    }
  }
  return [...measures, together('H3', measures, 3)];
}

/** The median of several measures as one of its own. */
function together(id: string, measures: readonly Measure[], atMost: number): Measure {
  const rounds = measures.map(({ figure, floor, ratio }) => ({ figure, floor, ratio }));
  const [figure, floor, ratio] = (['figure', 'floor', 'ratio'] as const).map((name) =>
    median(rounds.map((one) => one[name])),
  ) as [number, number, number];
  return { id, figure, floor, ratio, rounds, unit: 'CPU µs/page', reach: `<= ${atMost}`, ok: ratio <= atMost };
}

/** Searching a million: by a part of a name that many have, by an address that one has, and in a downline. */
export async function searches(lab: Lab): Promise<Measure[]> {
  const { id } = await topOf(lab, 100_000);
  const sort = 'name';
  return [
    await page(lab, 'search: frequent name', { above: null, sort, search: 'kowal' }, { atMost: 50 }),
    await page(lab, 'search: one address', { above: null, sort, search: 'partner-54321@' }, { atMost: 50 }),
    await page(lab, 'search: in 100000', { above: id, sort, search: 'kowalski' }, { atMost: 50 }),
  ];
}

export const CHAIN = 10_000;
export const WIDTH = 100_000;

/** A chain of ten thousand, and one with a hundred thousand directly below. */
export async function extremes(lab: Lab): Promise<Measure[]> {
  const [top, deep, wide] = [1, CHAIN / 2, CHAIN + 1].map(partnerId) as [string, string, string];
  return [
    await page(lab, 'chain: from its top', { above: top, sort: 'joinedAt' }, { atMost: 10 }),
    await page(lab, 'chain: from its middle', { above: deep, sort: 'joinedAt' }, { atMost: 50 }),
    await page(lab, 'width: by date', { above: wide, sort: 'joinedAt' }, { atMost: 10 }),
    await page(lab, 'width: by name', { above: wide, sort: 'name' }, { atMost: 10 }),
    await page(lab, 'width: as a tree', { above: wide, sort: 'joinedAt', direct: true }, { atMost: 10 }),
  ];
}

/** The pages of a list in turn, each with its wallets, against the same rows by their keys. */
export async function page(
  lab: Lab,
  id: string,
  filter: PartnerListFilter,
  reach: { readonly atMost: number },
): Promise<Measure> {
  const { manager } = lab.db;
  const read = async (after?: PartnerListPosition) => {
    const rows = await listPartners(manager, filter, { after, limit: LIMIT + 1 });
    await balancesOf(
      manager,
      rows.map((row) => row.id),
    );
    return rows;
  };
  const found: { readonly after?: PartnerListPosition; readonly ids: string[] }[] = [];
  for (let rows: PartnerListRow[] | undefined; found.length < PAGES && (!rows || rows.length > LIMIT);) {
    const after = rows && { key: rows[LIMIT - 1]!.sortKey, id: rows[LIMIT - 1]!.id };
    rows = await read(after);
    found.push({ after, ids: rows.map((row) => row.id) });
  }
  let turn = 0;
  return measure({
    id,
    unit: 'CPU µs/page',
    reach,
    figure: () => costOf(lab, () => read(found[turn++ % found.length]!.after)),
    floor: () =>
      costOf(lab, async () => {
        const { ids } = found[turn++ % found.length]!;
        await manager.query(ROWS_BY_KEY as never, [ids]);
        await balancesOf(manager, ids);
      }),
  });
}
