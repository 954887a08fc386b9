import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { chart } from './chart';
import type { GrowthPoint } from './measures/growth';
import type { Result } from './run';
import type { Measure } from './support/rounds';

const DOCS = join(__dirname, '..', 'docs');
const PAGE = join(DOCS, 'performance.md');
/** What was measured last, one line each: a run of some measures replaces theirs and leaves the others. */
const RESULTS = join(DOCS, 'performance', 'results.jsonl');
const FIGURES = ['accrual', 'preview', 'page'] as const;

/** A result with the machine on which it was measured. */
type Kept = Result & { readonly machine: string };

/** @returns processor, memory, versions, and how busy the machine was before */
export async function machineOf(owner: Client): Promise<string> {
  const { rows } = await owner.query<{ version: string }>(`select current_setting('server_version') as version`);
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]!.toFixed(1);
  return (
    `${availableParallelism()} × ${cpus()[0]!.model.trim()}, ${memory} GB, PostgreSQL ${rows[0]!.version}, ` +
    `Node ${process.versions.node}, load ${load} at the start`
  );
}

/** Keeps the results and writes them into docs/performance.md, between its marks, and into the charts beside it. */
export function writeReport(machine: string, results: readonly Result[]): void {
  const before = existsSync(RESULTS)
    ? readFileSync(RESULTS, 'utf8')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Kept)
    : [];
  const fresh = new Map<string, Kept>(results.map((result) => [result.id, { ...result, machine }]));
  const kept = before.map((result) => fresh.get(result.id) ?? result);
  const all = [...kept, ...[...fresh.values()].filter(({ id }) => !before.some((result) => result.id === id))];
  writeFileSync(RESULTS, all.map((result) => `${JSON.stringify(result)}\n`).join(''));

  const points = all.filter((result): result is GrowthPoint & Kept => 'depth' in result);
  const deep = Math.min(...points.map(({ depth }) => depth));
  const small = Math.min(...points.map(({ partners }) => partners));
  const byPartners = points.filter(({ depth }) => depth === deep).toSorted((a, b) => a.partners - b.partners);
  const byDepth = points.filter(({ partners }) => partners === small).toSorted((a, b) => a.depth - b.depth);
  if (byPartners.length > 1) {
    draw('growth-partners.svg', `CPU µs by the number of partners, ${deep} deep`, 'partners', byPartners, 'partners');
  }
  if (byDepth.length > 1)
    draw('growth-depth.svg', 'CPU µs by the depth of the tree', 'people on the way up', byDepth, 'depth');
  writeBetween('results', resultTable(all.filter((result): result is Measure & Kept => 'rounds' in result)));
  writeBetween('growth', growthTable(points));
}

function draw(
  file: string,
  title: string,
  label: string,
  points: readonly GrowthPoint[],
  by: 'partners' | 'depth',
): void {
  const series = FIGURES.map((name) => ({ name, points: points.map((point) => ({ x: point[by], y: point[name] })) }));
  writeFileSync(join(DOCS, 'performance', file), chart(title, label, series, by === 'partners' ? 'log' : 'linear'));
}

function resultTable(measures: readonly (Measure & Kept)[]): string {
  const machines = [...new Set(measures.map(({ machine }) => machine))];
  const mark = (machine: string) => (machines.length > 1 ? ` (${machines.indexOf(machine) + 1})` : '');
  const rows = measures.map(({ id, figure, floor, unit, ratio, reach, ok, rounds, machine }) => {
    const all = rounds.map((round) => round.ratio).join(', ');
    const reached = ok ? 'yes' : '**no**';
    return `| ${id}${mark(machine)} | ${number(figure)} ${unit} | ${number(floor)} | ${ratio} | ${symbols(reach)} | ${reached} | ${all} |`;
  });
  const where = machines.length === 1 ? machines : machines.map((machine, index) => `(${index + 1}) ${machine}`);
  return [
    ...where.map((machine) => `${machine}.\n`),
    '| id | figure | floor or peer | ratio (median) | to reach | reached | rounds |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function growthTable(points: readonly GrowthPoint[]): string {
  const rows = points.map(({ partners, depth, ...costs }) => {
    return `| ${number(partners)} | ${depth} | ${FIGURES.map((name) => number(costs[name])).join(' | ')} |`;
  });
  return [
    '| partners | people on the way up | accrued contract | preview | page of a tenth of all |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function writeBetween(name: string, text: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [page.indexOf(open) + open.length, page.indexOf(close)];
  if (start < open.length || end < 0) throw new Error(`docs/performance.md has no place for ${name}.`);
  writeFileSync(PAGE, `${page.slice(0, start)}\n${text}\n${page.slice(end)}`);
}

function symbols(reach: string): string {
  return reach.replace('>=', '≥').replace('<=', '≤');
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
