import { open, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { stringify } from 'csv-stringify';
import type { PoolClient } from 'pg';
import { textCell } from '../../kernel/csv-cells';
import { CommandError } from '../terminal.command';
import type { Context } from '../terminal.command';
import { copyRows, EXPORTS, prepareExport } from './export.queries';

export const FORMATS = ['csv', 'ndjson'] as const;

export interface ExportOptions {
  readonly format: (typeof FORMATS)[number];
  readonly output?: string;
  readonly from?: Date;
  readonly to?: Date;
}

/** What keeps a file from being made, or from being written to its end. */
const OF_THE_DISK = ['EEXIST', 'ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EROFS', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'];

type Cells = Record<string, string | number | null>;

/**
 * Streams rows out as they come from the database, as of one moment; memory does not grow with them.
 *
 * @param what a key of {@link EXPORTS}
 * @throws CommandError for a file that exists already or cannot be written; nothing of it is left then @see F13
 */
export async function exportRows(context: Context, what: string, options: ExportOptions): Promise<boolean> {
  const { output } = options;
  if (output === undefined) return writeRows(context, what, options, context.terminal.out);
  // For its owner's eyes: it holds names and money.
  const file = await open(output, 'wx', 0o600).catch((error: unknown) => refuse(output, error));
  try {
    return await writeRows(context, what, options, file.createWriteStream());
  } catch (error) {
    await rm(output); // half an export looks like a whole one
    return refuse(output, error);
  }
}

function refuse(path: string, error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!OF_THE_DISK.includes(code ?? '')) throw error;
  throw new CommandError(`${path} cannot be written: ${code === 'EEXIST' ? 'it is there already' : message}.`);
}

async function writeRows(
  { db, terminal }: Context,
  what: string,
  { format, output, from, to }: ExportOptions,
  out: Writable,
): Promise<boolean> {
  const runner = db.createQueryRunner();
  const client = (await runner.connect()) as PoolClient;
  try {
    await runner.startTransaction('REPEATABLE READ');
    await prepareExport(runner.manager, { from, to });
    const rows = copyRows(client, what);
    const end = { end: output !== undefined };
    const table = stringify({ header: true, columns: Object.keys(EXPORTS[what]!.columns) });
    if (format === 'ndjson') await pipeline(rows, out, end);
    else await pipeline(rows, cellsOf, table, out, end);
    terminal.err.write(`${rows.rowCount} rows\n`);
    return true;
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    await runner.release();
  }
}

/** The rows of a stream of lines of JSON, with what no spreadsheet calculates. @see F76 */
async function* cellsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Cells> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield cells(JSON.parse(line) as Cells);
  }
}

function cells(row: Cells): Cells {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? textCell(value) : value]),
  );
}
