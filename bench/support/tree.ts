import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/**
 * Who stands under whom: `sponsors[n]` is the number of the sponsor of partner `n`, 0 for nobody. Partners are numbered
 * from 1 (place 0 is empty), and a sponsor's number is lower than those below.
 */
export type Sponsors = Int32Array;

export const PROGRAM_START = '2024-01-01T00:00:00Z';
const MINUTES_APART = 1;
const BLOCK = 2_000;

/** Everybody has about as many below, so that more than half of all stand at the lowest depth. */
export function evenTree(partners: number, depth: number): Sponsors {
  const fan = Math.pow(0.6 * partners, 1 / depth);
  return Int32Array.from({ length: partners + 1 }, (_, n) => (n < 2 ? 0 : Math.floor((n - 2) / fan) + 1));
}

/** Chains of the same length, side by side under one top. */
export function chains(partners: number, depth: number): Sponsors {
  const side = Math.max(1, Math.round((partners - 1) / depth));
  return Int32Array.from({ length: side * depth + 2 }, (_, n) => (n < 2 ? 0 : Math.max(1, n - side)));
}

/** Everybody directly under one. */
export function star(partners: number): Sponsors {
  return Int32Array.from({ length: partners + 1 }, (_, n) => (n < 2 ? 0 : 1));
}

/** Everybody was brought by somebody who was there before, whoever it was: how programs grow. Always the same tree. */
export function grownTree(partners: number): Sponsors {
  let state = 42;
  const chance = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return Int32Array.from({ length: partners + 1 }, (_, n) => (n < 2 ? 0 : 1 + Math.floor(chance() * (n - 1))));
}

/** Several trees, numbered one after the other. */
export function beside(...trees: readonly Sponsors[]): Sponsors {
  const all = [0];
  for (const tree of trees) {
    const offset = all.length - 1;
    for (let n = 1; n < tree.length; n += 1) all.push(tree[n] === 0 ? 0 : tree[n]! + offset);
  }
  return Int32Array.from(all);
}

export function partnerId(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** Writes partners, placements and paths as the program would have, without its triggers. The tables are empty before. */
export async function writeTree(owner: Client, sponsors: Sponsors): Promise<void> {
  const { depths, directs, downlines } = countsOf(sponsors);
  const joined = (n: number) =>
    new Date(new Date(PROGRAM_START).getTime() - (sponsors.length - n) * MINUTES_APART * 60_000).toISOString();
  const sponsorId = (n: number) => (sponsors[n] === 0 ? '\\N' : partnerId(sponsors[n]!));
  const paths: string[] = [''];
  await copy(owner, 'holder (id, kind)', sponsors.length, (n) => [partnerId(n), 'partner']);
  await withoutIndexes(owner, ['partner', 'placement', 'partner_path'], async () => {
    await copy(
      owner,
      'partner (id, seq, user_id, first_name, last_name, email, status, sponsor_id, referral_code, email_confirmed_at, joined_at)',
      sponsors.length,
      (n) => {
        const [first, last] = nameOf(n);
        const [email, at] = [`partner-${n}@crm.example`, joined(n)];
        return [partnerId(n), n, `user-${n}`, first, last, email, 'active', sponsorId(n), `code-${n}`, at, at];
      },
    );
    await copy(owner, 'placement (partner_id, sponsor_id, valid, reason, placed_by)', sponsors.length, (n) => {
      return [partnerId(n), sponsorId(n), `[${joined(n)},)`, 'joined', 'bench'];
    });
    await copy(
      owner,
      'partner_path (partner_id, path, depth, direct_count, downline_count, joined_at, name_key)',
      sponsors.length,
      (n) => {
        paths[n] = `${paths[sponsors[n]!]}${n}.`;
        const nameKey = nameOf(n).toReversed().join(' ').toLowerCase();
        return [partnerId(n), paths[n], depths[n], directs[n], downlines[n], joined(n), nameKey];
      },
    );
  });
  await owner.query(`select setval('partner_program.partner_seq_seq', $1)`, [sponsors.length]);
}

function countsOf(sponsors: Sponsors) {
  const [depths, directs, downlines] = [0, 0, 0].map(() => new Int32Array(sponsors.length)) as [
    Sponsors,
    Sponsors,
    Sponsors,
  ];
  for (let n = 1; n < sponsors.length; n += 1) depths[n] = sponsors[n] === 0 ? 0 : depths[sponsors[n]!]! + 1;
  for (let n = sponsors.length - 1; n > 0; n -= 1) {
    directs[sponsors[n]!]! += 1;
    downlines[sponsors[n]!]! += downlines[n]! + 1;
  }
  return { depths, directs, downlines };
}

const FIRST_NAMES = [
  'Anna',
  'Jan',
  'Łucja',
  'Bruno',
  'Ewa',
  'Piotr',
  'Żaneta',
  'Adam',
  'Zofia',
  'Marek',
  'Kinga',
  'Olaf',
];
const STEMS = [
  'Kow',
  'Now',
  'Wiś',
  'Ziel',
  'Szym',
  'Woj',
  'Kam',
  'Lew',
  'Dąb',
  'Kac',
  'Maz',
  'Kra',
  'Żuk',
  'Gór',
  'Paw',
];
const MIDDLES = ['al', 'ic', 'ak', 'er', 'or', 'um', 'en', 'ów', 'ań', 'yś', 'ol'];
const ENDINGS = ['ski', 'czyk', 'owicz', 'ewski', 'ek', 'czak', 'ński', 'ik', 'ar', 'ec'];

/** About twenty thousand different names. */
function nameOf(n: number): [first: string, last: string] {
  const pick = (list: readonly string[], prime: number) => list[((n * prime) % 104_729) % list.length]!;
  return [pick(FIRST_NAMES, 7_919), pick(STEMS, 6_007) + pick(MIDDLES, 3_001) + pick(ENDINGS, 1_009)];
}

async function copy(
  owner: Client,
  table: string,
  end: number,
  row: (n: number) => readonly (string | number | undefined)[],
): Promise<void> {
  function* blocks() {
    for (let start = 1; start < end; start += BLOCK) {
      let block = '';
      for (let n = start; n < Math.min(start + BLOCK, end); n += 1) block += `${row(n).join('\t')}\n`;
      yield block;
    }
  }
  await pipeline(Readable.from(blocks()), owner.query(copyFrom(`copy partner_program.${table} from stdin`)));
}

/** Indexes that guard no rule are made once at the end, which is quicker than row by row. */
async function withoutIndexes(owner: Client, tables: readonly string[], work: () => Promise<void>): Promise<void> {
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
       from pg_index i
      where i.indrelid = any ($1::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables.map((table) => `partner_program.${table}`)],
  );
  for (const { name } of rows) await owner.query(`drop index ${name}`);
  await work();
  for (const { definition } of rows) await owner.query(definition);
}
