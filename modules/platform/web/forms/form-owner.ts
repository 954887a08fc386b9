import { createHash } from 'node:crypto';

/** The field, or for an upload the filter, in which a form says for whom it was made. */
export const FORM_OWNER = '_for';

/** Who a form is made for: an actor, or nobody who has logged in. */
type Owner = { readonly ref: string } | null;

/**
 * The mark of a person in a form. It tells people apart and guards no secret: a forged one only lets its forger send the
 * own form, and other sites are kept out by the origin of the request.
 */
export function ownerMark(owner: Owner): string {
  return owner ? createHash('sha256').update(`form of ${owner.ref}`).digest('base64url').slice(0, 22) : 'nobody';
}

/** A key under which a form is worked on once; it carries the mark too. */
export function markedKey(key: string, owner: Owner): string {
  return `${key}.${ownerMark(owner)}`;
}

/** The mark that a form carries, in its field, its address or its key; undefined where it carries none. */
export function markIn(body: unknown, query: Readonly<Record<string, unknown>>): string | undefined {
  const { [FORM_OWNER]: field, idempotencyKey } = (body ?? {}) as Record<string, unknown>;
  const mark = field ?? query[FORM_OWNER];
  if (typeof mark === 'string') return mark;
  return typeof idempotencyKey === 'string' ? /\.([\w-]{22}|nobody)$/.exec(idempotencyKey)?.[1] : undefined;
}
