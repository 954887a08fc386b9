import type { Locale } from '../../kernel/locale';
import { type Currency, parseAmount } from '../../kernel/money';

/** What a text of a form stands for: `1 234,50` of money is minor units, `12,5` percent is basis points. */
export type FieldKind = 'money' | 'percent' | 'integer' | 'boolean' | 'json';

type Fields = Readonly<Record<string, FieldKind>>;

const ABSENT = Symbol('absent');

/**
 * The body that a JSON client would have sent for this form. A text that cannot be read stays as it is, so
 * that validation names the field. An empty field counts as not given, an unticked box as false, an object
 * with numbered keys (`levels[0][rateBps]`) as a list without its empty rows.
 *
 * @param fields kinds by path; `*` stands for any position in a list: `levels.*.rateBps`
 */
export function readForm(body: unknown, fields: Fields, locale: Locale, currency: Currency): unknown {
  const given = isRecord(body) && typeof body['currency'] === 'string' ? body['currency'] : currency;
  const value = readValue(body, '', (text, path) => readText(text, fields[path], locale, given));
  if (!isRecord(value)) return value === ABSENT ? {} : value;
  for (const [path, kind] of Object.entries(fields)) {
    if (kind === 'boolean' && !path.includes('.') && !(path in value)) value[path] = false;
  }
  return value;
}

function readValue(value: unknown, path: string, read: (text: string, path: string) => unknown): unknown {
  if (typeof value === 'string') return value.trim() === '' ? ABSENT : read(value, path);
  if (isNumbered(value)) {
    const rows = Object.values(value).map((row) => readValue(row, join(path, '*'), read));
    return rows.filter((row) => row !== ABSENT);
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, readValue(inner, join(path, name), read)] as const)
    .filter(([, inner]) => inner !== ABSENT);
  return entries.length > 0 || path === '' ? Object.fromEntries(entries) : ABSENT;
}

function readText(text: string, kind: FieldKind | undefined, locale: Locale, currency: Currency): unknown {
  switch (kind) {
    case 'money':
      return parseAmount(text, currency, locale) ?? text;
    case 'percent':
      // Two decimals of a percent are basis points, just as two decimals of a złoty are grosze.
      return parseAmount(text.replace('%', ''), 'PLN', locale) ?? text;
    case 'integer':
      return /^\s*-?\d{1,15}\s*$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'on' || text === 'true' || text === '1';
    case 'json':
      return parsedJson(text) ?? text;
    default:
      return text;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Validation names the field.
  }
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNumbered = (value: unknown): value is Record<string, unknown> | unknown[] =>
  Array.isArray(value) ||
  (isRecord(value) && Object.keys(value).length > 0 && Object.keys(value).every((key) => /^\d+$/.test(key)));
