import { types } from 'pg';
import type { EntityManager } from 'typeorm';
import { Refusal } from './refusal';
import type { RefusalCode, RefusalParams } from './refusal';

/** A statement that the server plans once per connection instead of at every call. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
}

/**
 * The rows of a statement, those of an UPDATE … RETURNING too: an int8 as a number (an id as text), and its columns in camel
 * case. A statement without a name is planned for its values.
 */
export async function rows<Row>(
  tx: EntityManager,
  statement: NamedStatement | string,
  params: readonly unknown[] = [],
): Promise<Row[]> {
  const answer = await ask(tx, statement, params);
  return camelCased(isCounted(answer) ? answer[0] : answer) as Row[];
}

/** How many rows an UPDATE or a DELETE changed. */
export async function changed(
  tx: EntityManager,
  statement: NamedStatement | string,
  params: readonly unknown[] = [],
): Promise<number> {
  const answer = await ask(tx, statement, params);
  if (!isCounted(answer)) throw new Error('Only an UPDATE or a DELETE says how many rows it changed.');
  return answer[1];
}

type Cells = Readonly<Record<string, unknown>>;

/**
 * TypeORM passes an object through to pg unchanged, which is the only way there to a prepared statement and to parsers of
 * its own; the types do not say so.
 */
function ask(tx: EntityManager, statement: NamedStatement | string, params: readonly unknown[]) {
  const { name, text } = typeof statement === 'string' ? { name: undefined, text: statement } : statement;
  return tx.query<Cells[] | [Cells[], number]>({ name, text, types: PARSERS } as never, params as unknown[]);
}

const INT8 = 20;

/** The driver's, but for an int8, whatever the host made of it there. */
const PARSERS = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
    oid === INT8 && format !== 'binary' ? safeInteger : types.getTypeParser(oid, format),
};

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is beyond what a number holds exactly.`);
  return number;
}

function camelCased(found: Cells[]): Cells[] {
  const columns = Object.keys(found[0] ?? {}).map((name) => {
    const as = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return { name, as, isId: /^id$|Id$/.test(as) };
  });
  return found.map((cells) => {
    const row: Record<string, unknown> = {};
    for (const { name, as, isId } of columns) {
      const value = cells[name];
      // Nobody calculates with an id, so it is text everywhere, as it is in JSON.
      row[as] = isId && typeof value === 'number' ? String(value) : value;
    }
    return row;
  });
}

/** TypeORM answers an UPDATE and a DELETE with the rows and their number. */
function isCounted(answer: Cells[] | [Cells[], number]): answer is [Cells[], number] {
  return Array.isArray(answer[0]);
}

/** A row that was read within JSON, where moments are text. */
export type AsJson<Row> = {
  readonly [Name in keyof Row]: Date extends Row[Name] ? string | Exclude<Row[Name], Date> : Row[Name];
};

/** Carries a statement out, for what it does. */
export async function run(
  tx: EntityManager,
  statement: NamedStatement,
  params: readonly unknown[] = [],
): Promise<void> {
  await ask(tx, statement, params);
}

/** The rule's name when an error is PostgreSQL's no to it (a unique key, a check, an exclusion, a foreign key). */
export function violatedConstraint(error: unknown): string | undefined {
  const cause = (error as { driverError?: unknown } | null)?.driverError ?? error;
  const { code, constraint } = (cause ?? {}) as { code?: unknown; constraint?: unknown };
  return typeof code === 'string' && code.startsWith('23') && typeof constraint === 'string' ? constraint : undefined;
}

/**
 * Translates the database's no into ours: a violated rule named here becomes its refusal, any other error stays.
 *
 * @param rules names of constraints and the codes they stand for
 */
export async function refuseOn<T>(
  rules: Readonly<Record<string, RefusalCode>>,
  work: () => Promise<T>,
  params: RefusalParams = {},
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = rules[violatedConstraint(error) ?? ''];
    throw code ? new Refusal(code, params) : error;
  }
}
