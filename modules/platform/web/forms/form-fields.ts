import { addDays, dayOf, startOfDay } from '../../../kernel/day';
import type { Locale } from '../../../kernel/locale';
import { AMBIGUOUS, type Currency, readAmount } from '../../../kernel/money';
import { Refusal } from '../../../kernel/refusal';
import { UNIT_CODE, type Units } from '../../../kernel/units';

/**
 * What a text of a form stands for: `1 234,50` of money is minor units, `12,5` percent is basis points, lines are a
 * list. A day (`2026-03-29`) is whole in the program's time zone: `fromDay` is its beginning, `untilDay` its end, which
 * is the beginning of the next; `effectiveDay` is its beginning, and from now on where it is today. A text with a time
 * of day is that moment and stays as it is. A position is not in the form at all: it is the number of the row in its
 * list, from 0.
 */
export type FieldKind =
  'money' | 'percent' | 'integer' | 'boolean' | 'json' | 'lines' | 'fromDay' | 'untilDay' | 'effectiveDay' | 'position';
export type FieldKinds = Readonly<Record<string, FieldKind>>;

/**
 * How the person who filled in the form writes numbers, in which currency where the form names none, and which days
 * are meant.
 */
export interface Habits {
  readonly locale: Locale;
  readonly currency: Currency;
  readonly units: Units;
  readonly timeZone: string;
  readonly now: Date;
}

const ABSENT = Symbol('absent');

/**
 * The body that a JSON client would have sent for this form. A text that cannot be read stays as it is, so
 * that validation names the field. An empty field counts as not given, an unticked box as false, an object
 * with numbered keys (`levels[0][rateBps]`) as a list without its empty rows.
 *
 * @param kinds by path; `*` stands for any position in a list: `levels.*.rateBps`
 */
export function readForm(body: unknown, kinds: FieldKinds, habits: Habits): unknown {
  const value = readValue(body, '', kinds, habits);
  if (!isRecord(value)) return value === ABSENT ? {} : value;
  for (const [path, kind] of Object.entries(kinds)) {
    if (kind === 'boolean' && !path.includes('.') && !(path in value)) value[path] = false;
  }
  return value;
}

/**
 * The filters of an address. A person writes money into a field without `Minor` (`?amount=1 234,50`), so that
 * `amountMinor` means one thing only. Days are read as in a form.
 */
export function readFilters(
  query: Readonly<Record<string, unknown>>,
  kinds: FieldKinds,
  habits: Habits,
): Record<string, unknown> {
  const filters = { ...query };
  for (const name of Object.keys(kinds).filter((path) => kinds[path] === 'money')) {
    const written = filters[name.replace(/Minor$/, '')];
    if (typeof written === 'string')
      filters[name] = readText(written, 'money', { ...habits, ...currencyOf(query) }, name);
  }
  for (const [name, kind] of Object.entries(kinds)) {
    const day = filters[name];
    if (isDayKind(kind) && typeof day === 'string') filters[name] = readDay(day, kind, habits);
    if (filters[name] === ABSENT) delete filters[name];
  }
  return filters;
}

/** @param field where the value stands: its path with the positions in lists */
function readValue(value: unknown, path: string, kinds: FieldKinds, habits: Habits, field = path): unknown {
  if (typeof value === 'string') return value.trim() === '' ? ABSENT : readText(value, kinds[path], habits, field);
  if (isNumbered(value))
    return readList(value, path === '' ? '' : `${path}.`, kinds, habits, field === '' ? '' : `${field}.`);
  if (!isRecord(value)) return value;
  const own = { ...habits, ...currencyOf(value) };
  const below = (name: string, above: string) => (above === '' ? name : `${above}.${name}`);
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, readValue(inner, below(name, path), kinds, own, below(name, field))] as const)
    .filter(([, inner]) => inner !== ABSENT);
  return entries.length > 0 || path === '' ? Object.fromEntries(entries) : ABSENT;
}

function readList(list: Numbered, above: string, kinds: FieldKinds, habits: Habits, field: string): unknown[] {
  const path = `${above}*`;
  const positions = Object.keys(kinds).filter((name) => kinds[name] === 'position' && name.startsWith(`${path}.`));
  return Object.entries(list).flatMap(([position, item]) => {
    const row = readValue(item, path, kinds, habits, `${field}${position}`);
    if (row === ABSENT) return [];
    if (!isRecord(row)) return [row];
    return [
      { ...row, ...Object.fromEntries(positions.map((name) => [name.slice(path.length + 1), Number(position)])) },
    ];
  });
}

/** @throws Refusal AMOUNT_AMBIGUOUS (`field`): a number that could be a thousand times another is not guessed. @see Q15 */
function numberIn(text: string, digits: number, locale: Locale, field: string): number | string {
  const number = readAmount(text, digits, locale);
  if (number !== AMBIGUOUS) return number ?? text;
  throw new Refusal('AMOUNT_AMBIGUOUS', { field, errors: [{ field, code: 'AMOUNT_AMBIGUOUS', params: {} }] });
}

function readText(text: string, kind: FieldKind | undefined, habits: Habits, path: string): unknown {
  const { locale, currency, units } = habits;
  switch (kind) {
    case 'money':
      // However an amount in a unit that is not there is read: the answer is that there is no such unit.
      return numberIn(text, units.find(currency)?.digits ?? 2, locale, path);
    case 'percent':
      // Two decimals of a percent are basis points.
      return numberIn(text.replace('%', ''), 2, locale, path);
    case 'integer':
      return /^\s*-?\d{1,15}\s*$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'on' || text === 'true' || text === '1';
    case 'json':
      return parsedJson(text) ?? text;
    case 'lines':
      return text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    case 'fromDay':
    case 'untilDay':
    case 'effectiveDay':
      return readDay(text.trim(), kind, habits);
    case 'position':
    case undefined:
      return text;
  }
}

type DayKind = 'fromDay' | 'untilDay' | 'effectiveDay';

function isDayKind(kind: FieldKind): kind is DayKind {
  return kind === 'fromDay' || kind === 'untilDay' || kind === 'effectiveDay';
}

function readDay(text: string, kind: DayKind, { timeZone, now }: Habits): unknown {
  const start = startOfDay(text, timeZone);
  if (!start) return text;
  if (kind === 'effectiveDay' && text === dayOf(now, timeZone)) return ABSENT;
  return (kind === 'untilDay' ? startOfDay(addDays(text, 1), timeZone)! : start).toISOString();
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Validation names the field.
  }
}

/** Amounts are in the unit that stands beside them, or in that of whatever they are a part of. */
function currencyOf(body: unknown): { currency?: Currency } {
  const currency = isRecord(body) ? (body['currency'] ?? body['unit']) : undefined;
  return typeof currency === 'string' && UNIT_CODE.test(currency) ? { currency } : {};
}

type Numbered = Readonly<Record<string, unknown>> | readonly unknown[];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNumbered = (value: unknown): value is Numbered =>
  Array.isArray(value) ||
  (isRecord(value) && Object.keys(value).length > 0 && Object.keys(value).every((key) => /^\d+$/.test(key)));
