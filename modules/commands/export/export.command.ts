import { createWriteStream } from 'node:fs';
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

type Cells = Record<string, string | number | null>;

/**
 * Streams rows out as they come from the database, as of one moment; memory does not grow with them.
 *
 * @param what a key of {@link EXPORTS}
 * @throws CommandError for a file that exists already or cannot be written
 */
export async function exportRows(
  { db, terminal }: Context,
  what: string,
  { format, output, from, to }: ExportOptions,
): Promise<boolean> {
  const runner = db.createQueryRunner();
  const client = (await runner.connect()) as PoolClient;
  try {
    await runner.startTransaction('REPEATABLE READ');
    await prepareExport(runner.manager, { from, to });
    const rows = copyRows(client, what);
    const out = output === undefined ? terminal.out : privateFile(output);
    const end = { end: output !== undefined };
    if (format === 'ndjson') await pipeline(rows, out, end);
    else
      await pipeline(
        rows,
        cellsOf,
        stringify({ header: true, columns: Object.keys(EXPORTS[what]!.columns) }),
        out,
        end,
      );
    terminal.err.write(`${rows.rowCount} rows\n`);
    return true;
  } catch (error) {
    const { path, code, message } = error as NodeJS.ErrnoException;
    if (path === undefined) throw error;
    throw new CommandError(`${path} cannot be written: ${code === 'EEXIST' ? 'it is there already' : message}.`);
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    await runner.release();
  }
}

/** For its owner's eyes: it holds names and money. */
function privateFile(path: string): Writable {
  return createWriteStream(path, { flags: 'wx', mode: 0o600 });
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
