import type { EntityManager } from 'typeorm';
import { Refusal } from './refusal';
import type { RefusalCode, RefusalParams } from './refusal';

/** A statement that the server plans once per connection instead of at every call. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
}

/**
 * Runs a named statement in the caller's transaction. TypeORM passes the object through to pg unchanged,
 * which is the only way to a prepared statement there; the types do not say so.
 */
export function run<Row>(
  tx: EntityManager,
  statement: NamedStatement,
  params: readonly unknown[] = [],
): Promise<Row[]> {
  return tx.query<Row[]>(statement as never, params as unknown[]);
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
