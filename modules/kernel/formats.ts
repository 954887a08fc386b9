import type { Locale } from './locale';
import { FULL_BPS } from './money';
import type { Unit } from './units';

/** `4 500,00 zł`, `1 250 punktów`; with `signed` a gain carries its plus. */
export function formatMoney(locale: Locale, amountMinor: number, unit: Unit, signed = false): string {
  const { digits } = unit;
  return formatUnits(locale, decimal(amountMinor, digits), unit, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: signed ? 'exceptZero' : 'auto',
  });
}

/**
 * An amount that is no whole number of minor units, with all its digits: `1 543,20875 zł`.
 * @param rest ten-thousandths of a minor unit, >= 0
 */
export function formatExactMoney(locale: Locale, amountMinor: number, unit: Unit, rest: number): string {
  const digits = unit.digits + 4;
  const written = BigInt(amountMinor) * 10_000n + BigInt(rest);
  return formatUnits(locale, decimal(written, digits), unit, {
    minimumFractionDigits: unit.digits,
    maximumFractionDigits: digits,
  });
}

/** The digits are the unit's own; of a currency the runtime only knows the sign and where it stands. */
function formatUnits(
  locale: Locale,
  amount: `${number}`,
  { code, names }: Unit,
  shape: Intl.NumberFormatOptions & Intl.PluralRulesOptions,
): string {
  // Polish data would not group thousands below 10 000.
  const options = { ...shape, useGrouping: 'always' } as const;
  if (!names) return numberFormat(locale, { ...options, style: 'currency', currency: code }).format(amount);
  const { minimumFractionDigits, maximumFractionDigits } = shape;
  const form = pluralRules(locale, { minimumFractionDigits, maximumFractionDigits }).select(Number(amount));
  return `${numberFormat(locale, options).format(amount)}\u00a0${names[locale][form] ?? names[locale].other}`;
}

/** The amount as digits for an input field, without the unit: `4500,00`. */
export function formatAmount(locale: Locale, amountMinor: number, { digits }: Unit): string {
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

type Formatter = Intl.NumberFormat | Intl.DateTimeFormat | Intl.PluralRules;

const made = new Map<string, Formatter>();

/** To make a formatter takes up to a hundred times as long as to use it, and a list needs hundreds: each is kept. */
function kept<Format extends Formatter>(key: string, make: () => Format): Format {
  const format = (made.get(key) as Format | undefined) ?? make();
  made.set(key, format);
  return format;
}

function numberFormat(locale: Locale, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return kept(`number ${locale} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));
}

function pluralRules(locale: Locale, options: Intl.PluralRulesOptions): Intl.PluralRules {
  return kept(`plural ${locale} ${JSON.stringify(options)}`, () => new Intl.PluralRules(locale, options));
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
