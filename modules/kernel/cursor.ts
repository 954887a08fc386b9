import { Refusal } from './refusal';

/** Where a list goes on: the sort key of its last row, opaque to the caller. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @param length how many parts the key has. @throws Refusal INVALID_INPUT for anything we did not hand out */
export function decodeCursor(cursor: string, length: number): (string | number)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isPart = (part: unknown) => typeof part === 'string' || Number.isFinite(part);
    if (Array.isArray(key) && key.length === length && key.every(isPart)) return key as (string | number)[];
  } catch {
    // Falls through: whatever it was, it is no cursor of ours.
  }
  throw new Refusal('INVALID_INPUT', { field: 'cursor' });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A place in a list that goes by a moment and then by a UUID. @throws Refusal INVALID_INPUT for a cursor of another list */
export function decodePlace(cursor: string): readonly [moment: string, id: string] {
  const [moment = '', id = ''] = decodeCursor(cursor, 2).map(String);
  if (Number.isNaN(Date.parse(moment)) || !UUID.test(id)) throw new Refusal('INVALID_INPUT', { field: 'cursor' });
  return [moment, id];
}

export interface Slice<Row> {
  readonly data: Row[];
  readonly nextCursor: string | null;
}

/** A slice from one row more than its limit: the extra row says that there is a next slice. */
export function sliceOf<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => (string | number)[],
): Slice<Row> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last ? encodeCursor(keyOf(last)) : null };
}
