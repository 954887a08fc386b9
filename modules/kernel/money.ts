import { Refusal } from './refusal';

/** The code of a unit: an ISO 4217 currency, or a program's own unit such as points. */
export type Currency = string;

/** A whole number of minor units; never a fraction, never another currency mixed in. @see Q5 */
export interface Money {
  readonly amountMinor: number;
  readonly currency: Currency;
}

/** The largest amount accepted at any door: well inside the safe integers, so that sums of many stay exact. */
export const MAX_AMOUNT_MINOR = 1_000_000_000_000;

/** Basis points in a whole: 10 000 bps = 100 %. */
export const FULL_BPS = 10_000;

/**
 * The share of an amount, rounded toward zero: parts taken with it never exceed the whole.
 *
 * @param amountMinor minor units, a safe integer of any sign
 * @param bps         basis points, 0..10 000
 * @see Q5
 */
export function shareOf(amountMinor: number, bps: number): number {
  const product = amountMinor * bps;
  if (Number.isSafeInteger(product)) return (product - (product % 10_000)) / 10_000;
  return Number((BigInt(amountMinor) * BigInt(bps)) / 10_000n);
}

/** @returns the value as a safe integer. @throws Refusal INVALID_AMOUNT when it is none. */
export function safeMinor(value: unknown): number {
  const amountMinor = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof amountMinor !== 'number' || !Number.isSafeInteger(amountMinor)) {
    throw new Refusal('INVALID_AMOUNT', { value: String(value) });
  }
  return amountMinor;
}

/** TypeORM transformer of bigint columns: they arrive as text and leave as checked integers. */
export const minorUnits = {
  from: (value: string | null): number | null => (value === null ? null : safeMinor(value)),
  to: (value: number | null): number | null => value,
};

/** What a person typed could be two numbers, a thousand times apart. */
export const AMBIGUOUS = 'ambiguous';

/**
 * What a person typed into a form: `1 234,50`, `1.234,50`, `1,234.50`, `12.50`, `12,50`. Either sign may be the decimal one in
 * every language: of two signs the last is, one that is repeated groups. A group is of exactly three digits, so a single sign
 * with any other number behind it is a decimal one. With exactly three behind it, it groups where the language does so
 * (`1.250` in Portuguese, `1,250` in English) and the unit has no three decimals; elsewhere nobody can tell.
 *
 * @param digits the decimals of the unit that the amount is in
 * @returns minor units; null when it cannot be read exactly (too many decimals, letters); `ambiguous`
 */
export function readAmount(text: string, digits: number, locale: string): number | null | typeof AMBIGUOUS {
  const [, sign = '', body = ''] = /^([+\-−]?)\s*(.*)$/s.exec(text.replaceAll(BLANKS, ' ').trim()) ?? [];
  const plain = /^\d{1,3}(?:[ '’]\d{3})+(?=[.,]|$)/.test(body) ? body.replaceAll(/[ '’]/g, '') : body;
  const signs = [...plain.replaceAll(/\d/g, '')];
  if (!/^[\d.,]+$/.test(plain) || new Set(signs).size > 2) return null;
  const last = signs.at(-1);
  if (last === undefined) return minorOf(sign, plain, '', digits);
  const end = plain.lastIndexOf(last);
  const [whole, rest] = [plain.slice(0, end), plain.slice(end + 1)];
  const isGrouped = (number: string, group: string) => new RegExp(`^\\d{1,3}(?:\\${group}\\d{3})+$`).test(number);
  if (new Set(signs).size === 2) {
    const group = signs[0]!;
    return isGrouped(whole, group) &&
      signs.lastIndexOf(group) < signs.length - 1 &&
      signs.indexOf(last) === signs.length - 1
      ? minorOf(sign, whole.replaceAll(group, ''), rest, digits)
      : null;
  }
  if (signs.length > 1) return isGrouped(plain, last) ? minorOf(sign, plain.replaceAll(last, ''), '', digits) : null;
  if (rest === '') return null;
  if (rest.length !== 3 || !/^[1-9]\d{0,2}$/.test(whole)) return minorOf(sign, whole, rest, digits);
  const isGroup = groupSignOf(locale) === last;
  if (digits < 3) return isGroup ? minorOf(sign, whole + rest, '', digits) : AMBIGUOUS;
  return isGroup ? AMBIGUOUS : minorOf(sign, whole, rest, digits);
}

/** The same for who only needs the number. @returns null also where nobody can tell which one is meant */
export function parseAmount(text: string, digits: number, locale: string): number | null {
  const amountMinor = readAmount(text, digits, locale);
  return amountMinor === AMBIGUOUS ? null : amountMinor;
}

const BLANKS = /[\s\u00a0\u2007\u2009\u202f]+/g;

function minorOf(sign: string, whole: string, decimals: string, digits: number): number | null {
  if (!/^\d{1,13}$/.test(whole) || decimals.length > digits) return null;
  const amountMinor = Number(`${whole}${decimals.padEnd(digits, '0')}`);
  return sign === '' || sign === '+' ? amountMinor : -amountMinor;
}

function groupSignOf(locale: string): string | undefined {
  return new Intl.NumberFormat(locale).formatToParts(1_234_567).find(({ type }) => type === 'group')?.value;
}
