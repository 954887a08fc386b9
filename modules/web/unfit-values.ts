/** What no field of a request may hold, whatever the rules of the field. */
export interface UnfitValue {
  readonly field: string;
  readonly code: 'TOO_DEEP' | 'UNKNOWN_FIELD' | 'UNREADABLE_TEXT';
}

/** Deeper than any body of ours; walking down a hundred thousand levels would end the stack. */
const MAX_DEPTH = 16;
/** Names that reach into an object instead of a field. */
const NAMES_OF_OBJECTS = new Set(['__proto__', 'constructor', 'prototype']);
/** A null, which PostgreSQL keeps in no text, and half a character. */
const UNREADABLE = /[\0\p{Cs}]/u;

/**
 * The first value that can be refused before anybody knows what the fields mean.
 * @see F72, F79
 */
export function findUnfit(value: unknown, field = '', depth = 0): UnfitValue | undefined {
  if (typeof value === 'string') return UNREADABLE.test(value) ? { field, code: 'UNREADABLE_TEXT' } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === MAX_DEPTH) return { field, code: 'TOO_DEEP' };
  for (const [name, inner] of Object.entries(value)) {
    const path = field === '' ? name : `${field}.${name}`;
    if (NAMES_OF_OBJECTS.has(name)) return { field: path, code: 'UNKNOWN_FIELD' };
    const unfit = findUnfit(inner, path, depth + 1);
    if (unfit) return unfit;
  }
  return undefined;
}
