import type Handlebars from 'handlebars';
import type { Money } from '../../../kernel/money';
import { earningsCharts } from './chart';
import { treeMap } from './tree-map';

type Row = Readonly<Record<string, unknown>>;

/** What templates do with lists. */
export const rowHelpers: Record<string, Handlebars.HelperDelegate> = {
  count: (rows: number | readonly unknown[]) => (typeof rows === 'number' ? rows : rows.length),
  includes: (rows: readonly unknown[], value: unknown) => rows.includes(value),
  list: (...items: unknown[]) => items.slice(0, -1),
  /** `(object kind=kind)`: what other helpers take as one. */
  object: ({ hash }: Handlebars.HelperOptions) => hash as unknown,
  /** `(when account account.holder name)`: the second where the first holds, else the third or nothing. */
  when: (...args: unknown[]) => (args[0] ? args[1] : args.length > 3 ? args[2] : ''),
  /** A list for a field of several lines. */
  lines: (items: readonly string[] | undefined) => (items ?? []).join('\n'),
  /** The row whose field has this value. */
  found: (rows: readonly Row[], field: string, value: unknown) => rows.find((row) => row[field] === value),
  /** A row for every level of a plan, and a few more to fill in. */
  levelRows: (levels: readonly { level: number }[]) =>
    Array.from(
      { length: Math.max(5, ...levels.map(({ level }) => level + 1)) + 1 },
      (_, level) => levels.find((row) => row.level === level) ?? { level },
    ),
  /** A row for every unit but the program's own, and one to fill in; numbered without a gap, as a form must be. */
  minimumRows: (minimums: readonly { unit: string }[], own: string) => [
    ...minimums.filter(({ unit }) => unit !== own),
    { unit: '', amountMinor: null },
  ],
  rankRows: (ranks: readonly object[]) => [...ranks, ...Array.from({ length: 4 }, () => ({}))],
  /** What a list such as `id:CODE,id:CODE` says about an id. */
  noted: (list: string, id: string) =>
    list
      .split(',')
      .find((note) => note.startsWith(`${id}:`))
      ?.slice(id.length + 1),
  /** `{{#each (earningsCharts earnings)}}` */
  earningsCharts,
  /** `{{#with (treeMap people)}}` */
  treeMap,
  /** The last few of a list; an empty row in front stands for those left out. */
  lowest: (rows: readonly Row[], most: number) => (rows.length > most ? [{ id: null }, ...rows.slice(-most)] : rows),
  /** How far a row of a tree is moved in; deeper ones say their depth in words. */
  indent: (depth: number) => Math.min(depth, 10),
  reversed: (rows: readonly unknown[]) => rows.toReversed(),
  add: (a: number, b: number) => a + b,
  position: (index: number) => index + 1,
  first: (rows: readonly unknown[] | undefined) => rows?.[0],
  /** Whether a field is true, or above zero, in any row. */
  some: (rows: readonly Row[], field: string) =>
    rows.some(({ [field]: value }) => (Array.isArray(value) ? value.length : Number(value)) > 0),
  sum: (rows: readonly Record<string, number>[], field: string) =>
    rows.reduce((total, row) => total + (row[field] ?? 0), 0),
  /** The sum of each currency. */
  totals: (rows: readonly Money[]) =>
    [...new Set(rows.map(({ currency }) => currency))].map((currency) => ({
      currency,
      amountMinor: rows.reduce((total, row) => total + (row.currency === currency ? row.amountMinor : 0), 0),
    })),
};
