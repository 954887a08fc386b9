/** What no field of a request may hold, whatever the rules of the field. */
export interface UnfitValue {
  readonly field: string;
  readonly code: 'TOO_DEEP' | 'TOO_MANY' | 'UNKNOWN_FIELD' | 'UNREADABLE_TEXT';
}

/** Deeper than any body of ours; walking down a hundred thousand levels would end the stack. */
const MAX_DEPTH = 16;
/** A plan of a thousand levels with all its conditions has half as many. */
const MAX_VALUES = 10_000;
/** Names that reach into an object instead of a field. */
const NAMES_OF_OBJECTS = new Set(['__proto__', 'constructor', 'prototype']);
/** A null, which PostgreSQL keeps in no text, and half a character. */
const UNREADABLE = /[\0\p{Cs}]/u;

/**
 * The first value that can be refused before anybody knows what the fields mean.
 * @see F72, F79
 */
export function findUnfit(value: unknown, field = '', depth = 0, seen = { values: 0 }): UnfitValue | undefined {
  if (++seen.values > MAX_VALUES) return { field, code: 'TOO_MANY' };
  if (typeof value === 'string') return UNREADABLE.test(value) ? { field, code: 'UNREADABLE_TEXT' } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === MAX_DEPTH) return { field, code: 'TOO_DEEP' };
  for (const name of Object.keys(value)) {
    const path = field === '' ? name : `${field}.${name}`;
    if (NAMES_OF_OBJECTS.has(name)) return { field: path, code: 'UNKNOWN_FIELD' };
    const unfit = findUnfit((value as Record<string, unknown>)[name], path, depth + 1, seen);
    if (unfit) return unfit;
  }
  return undefined;
}

const [FIRST_YEAR, LAST_YEAR] = [1, 9999];

/** The first date that PostgreSQL, or a person, could not read. */
export function findUnfitDate(fields: unknown): string | undefined {
  if (typeof fields !== 'object' || fields === null) return undefined;
  return Object.entries(fields).find(([, value]) => {
    const year = value instanceof Date ? value.getUTCFullYear() : FIRST_YEAR;
    return year < FIRST_YEAR || year > LAST_YEAR;
  })?.[0];
}
