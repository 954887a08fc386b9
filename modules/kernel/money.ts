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

/**
 * What a person typed into a form, read in the habit of the locale: `1 234,50`, `1.234,50`, `1,234.50`.
 *
 * @param digits the decimals of the unit that the amount is in
 * @returns minor units, or null when it cannot be read exactly (too many decimals, letters)
 */
export function parseAmount(text: string, digits: number, locale: string): number | null {
  const decimal =
    new Intl.NumberFormat(locale).formatToParts(1.5).find((part) => part.type === 'decimal')?.value ?? '.';
  const group = decimal === ',' ? '.' : ',';
  const plain = text
    .replace(/[\s\u00a0\u202f']/g, '')
    .replaceAll(group, '')
    .replace(decimal, '.');
  const match = /^([+-]?)(\d{1,13})(?:\.(\d+))?$/.exec(plain.replace('−', '-'));
  if (!match || (match[3] ?? '').length > digits) return null;
  const amountMinor = Number(`${match[2]}${(match[3] ?? '').padEnd(digits, '0')}`);
  return match[1] === '-' ? -amountMinor : amountMinor;
}
