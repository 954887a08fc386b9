import type { Writable } from 'node:stream';
import { SingleBar } from 'cli-progress';
import { DataSource } from 'typeorm';

/** Where a command writes: results to `out`, progress and what kept it from running to `err`. */
export interface Terminal {
  readonly out: Writable;
  readonly err: Writable & { readonly isTTY?: boolean };
}

/** What every command that reads the program gets. */
export interface Context {
  readonly db: DataSource;
  readonly terminal: Terminal;
  /** Whether the result is one JSON document instead of sentences. */
  readonly json: boolean;
}

/** Why a command cannot run, in a sentence that a person can act on. */
export class CommandError extends Error {}

const PATIENCE_MS = 10_000;
/** PostgreSQL's codes for a schema, table, function or column that is not there. */
const MISSING = ['3F000', '42P01', '42883', '42703'];

/** Does something on the database of an address, and leaves. @throws CommandError when it cannot be reached */
export async function withDatabase<T>(url: string | undefined, work: (db: DataSource) => Promise<T>): Promise<T> {
  const db = new DataSource({
    type: 'postgres',
    url: requiredUrl(url),
    applicationName: 'partner-program',
    poolSize: 2,
    connectTimeoutMS: PATIENCE_MS,
  });
  await db.initialize().catch((error: unknown) => {
    const { code, message } = error as { code?: string; message?: string };
    throw new CommandError(`PostgreSQL does not answer at ${new URL(url!).host}: ${message || code}.`);
  });
  try {
    return await work(db);
  } catch (error) {
    const { code } = (error as { driverError?: { code?: string } }).driverError ?? {};
    if (!MISSING.includes(code ?? '')) throw error;
    throw new CommandError('The tables of the program are missing or old: run `partner-program migrate` first.');
  } finally {
    await db.destroy();
  }
}

/** @throws CommandError for none, or for what is no address of a PostgreSQL; its password is not repeated */
export function requiredUrl(url: string | undefined): string {
  if (!url) throw new CommandError('Say which database: set DATABASE_URL, or use --database-url.');
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new CommandError('The address of the database must start with postgres://.');
  }
  return url;
}

export function print({ out }: Terminal, ...lines: readonly string[]): void {
  for (const line of lines) out.write(`${line}\n`);
}

export function printJson(terminal: Terminal, document: unknown): void {
  print(terminal, JSON.stringify(document, null, 2));
}

export interface Progress {
  readonly at: (done: number, total: number) => void;
  readonly end: () => void;
}

/** A bar that shows how far something is, where somebody is looking. */
export function progressOf(what: string, { err }: Terminal): Progress {
  if (!err.isTTY) return { at: () => undefined, end: () => undefined };
  const format = `${what} {bar} {value}/{total}, {eta_formatted} left`;
  const bar = new SingleBar({ format, stream: err, clearOnComplete: true });
  return {
    at: (done, total) => (bar.isActive ? bar.update(done) : bar.start(total, done)),
    end: () => bar.stop(),
  };
}
