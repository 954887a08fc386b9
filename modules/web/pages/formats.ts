import type { Locale } from '../../kernel/locale';
import { FULL_BPS, minorUnitDigits, type Money } from '../../kernel/money';

/** `4 500,00 zł`; with `signed` a gain carries its plus. Thousands are always grouped, which Polish data would not do below 10 000. */
export function formatMoney(locale: Locale, { amountMinor, currency }: Money, signed = false): string {
  const digits = minorUnitDigits(currency);
  return numberFormat(locale, {
    style: 'currency',
    currency,
    useGrouping: 'always',
    signDisplay: signed ? 'exceptZero' : 'auto',
  }).format(decimal(amountMinor, digits));
}

/**
 * An amount that is no whole number of minor units, with all its digits: `1 543,20875 zł`.
 * @param rest ten-thousandths of a minor unit, >= 0
 */
export function formatExactMoney(locale: Locale, { amountMinor, currency }: Money, rest: number): string {
  const digits = minorUnitDigits(currency) + 4;
  const written = BigInt(amountMinor) * 10_000n + BigInt(rest);
  return numberFormat(locale, {
    style: 'currency',
    currency,
    useGrouping: 'always',
    maximumFractionDigits: digits,
  }).format(decimal(written, digits));
}

/** The amount as digits for an input field, without the currency: `4500,00`. */
export function formatAmount(locale: Locale, { amountMinor, currency }: Money): string {
  const digits = minorUnitDigits(currency);
  return numberFormat(locale, { useGrouping: false, minimumFractionDigits: digits }).format(
    decimal(amountMinor, digits),
  );
}

export function formatNumber(locale: Locale, value: number): string {
  return numberFormat(locale).format(value);
}

/** Basis points as a percentage: 1250 → `12,5%`. */
export function formatRate(locale: Locale, bps: number): string {
  return numberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(bps / FULL_BPS);
}

export function formatDate(locale: Locale, date: Date, timeZone: string, withTime = false): string {
  const timeStyle = withTime ? 'short' : undefined;
  return dateFormat(locale, { dateStyle: 'medium', timeStyle, timeZone }).format(date);
}

/** Months are whole in UTC. */
export function formatMonth(locale: Locale, date: Date, timeZone: string, long = false): string {
  const parts: Intl.DateTimeFormatOptions = long ? { month: 'long', year: 'numeric' } : { month: 'short' };
  return dateFormat(locale, { ...parts, timeZone }).format(date);
}

const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

/** To make a formatter takes up to a hundred times as long as to use it, and a list needs hundreds: each is kept. */
function kept<Format extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => Format): Format {
  const format = (made.get(key) as Format | undefined) ?? make();
  made.set(key, format);
  return format;
}

function numberFormat(locale: Locale, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return kept(`number ${locale} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));
}

function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(`date ${locale} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, options));
}

/** A decimal written out, which Intl formats exactly; a division would go through binary fractions. */
function decimal(units: number | bigint, digits: number): `${number}` {
  const written = String(units);
  const padded = written.replace('-', '').padStart(digits + 1, '0');
  const whole = padded.slice(0, padded.length - digits);
  return `${written.startsWith('-') ? '-' : ''}${whole}${digits > 0 ? `.${padded.slice(-digits)}` : ''}` as `${number}`;
}
