import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { validate as isUuid } from 'uuid';
import { DAY_SECONDS } from '../kernel/day';
import { afterRestore } from './after-restore.command';
import { checkUp } from './doctor/doctor.command';
import { exportRows, FORMATS } from './export/export.command';
import type { ExportOptions } from './export/export.command';
import { EXPORTS } from './export/export.queries';
import { proveIntegrity } from './integrity.command';
import { migrate } from './migrate.command';
import { reconcile } from './reconcile.command';
import { rederive } from './rederive.command';
import { simulate } from './simulate.command';
import { CommandError, withDatabase } from './terminal.command';
import type { Context, Terminal } from './terminal.command';

/** 0: done, and nothing to find fault with; 1: something was found; 2: the command could not run. */
export type ExitCode = 0 | 1 | 2;

interface Common {
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

const processTerminal: Terminal = { out: process.stdout, err: process.stderr };

const EXIT_CODES = `
It ends with 0 when all is well, 1 when something was found, and 2 when it could not run.`;

/**
 * The command `partner-program`, for a host that wants it under a name or with a database of its own.
 *
 * @param args what stands behind the command's name
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal = processTerminal): Promise<ExitCode> {
  let sound = true;
  const program = describe(terminal, (outcome) => (sound = outcome));
  try {
    await program.parseAsync(args, { from: 'user' });
    return sound ? 0 : 1;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0; // who reads has read enough
    terminal.err.write(`${error instanceof CommandError ? error.message : (error as Error).stack}\n`);
    return 2;
  }
}

/** Every command with its options. @param end told whether nothing was found */
function describe(terminal: Terminal, end: (sound: boolean) => void): Command {
  const program = new Command('partner-program')
    .description('Sets up, checks and reads a partner program in its database.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
    });
  const on =
    <Options>(work: (context: Context, options: Options) => Promise<boolean>) =>
    async (options: Options & Common): Promise<void> =>
      end(
        await withDatabase(options.databaseUrl, (db) => work({ db, terminal, json: options.json === true }, options)),
      );

  common(program.command('migrate'), 'as the role that owns the tables')
    .description('Brings the tables up to date.')
    .option('--grant-to <role>', 'the role of the application: it gets what it needs, and no way to change the ledger')
    .action((options: Common & { grantTo?: string }) => migrate(terminal, options));
  common(program.command('doctor'), 'as the role of the application')
    .description('Says what is missing or wrong: server, tables, rights, set-up, jobs, clocks and books.')
    .option('--no-integrity', 'leave out the books, which take longest')
    .action(on(checkUp));
  common(program.command('integrity'))
    .description('Proves every rule of the ledger, the tree and the calculations from the rows alone.')
    .action(on(proveIntegrity));
  common(program.command('rederive'))
    .description('Calculates every commission again from what is stored, and lists what differs.')
    .action(on(rederive));
  common(program.command('simulate'))
    .description('Tells what the contracts of a time cost, and what they would have cost under a version of a plan.')
    .requiredOption('--plan <version>', 'the id of the version', uuid)
    .requiredOption('--from <date>', 'from this moment on, such as 2026-01-01', moment)
    .requiredOption('--to <date>', 'up to but without this moment', moment)
    .action(on(simulate));
  common(program.command('reconcile'))
    .description('Has the running program ask the CRM, now instead of at night, for changes it was never given.')
    .option('--wait <seconds>', 'how long to wait for it', seconds, 60)
    .action(on(reconcile));
  common(program.command('after-restore'))
    .description('Holds what a restored copy would send a second time; run it before the first worker starts.')
    .action(on(afterRestore));
  withUrl(program.command('export'))
    .description('Writes rows out as of one moment, one by one.')
    .addArgument(new Argument('<what>', 'which rows').choices(Object.keys(EXPORTS)))
    .addOption(new Option('--format <format>', 'how they are written').choices(FORMATS).default('csv'))
    .option('--output <file>', 'a new file instead of the standard output')
    .option('--from <date>', 'of the ledger: what was recorded from this moment on', moment)
    .option('--to <date>', 'of the ledger: what was recorded before this moment', moment)
    .action((what: string, options: ExportOptions & Common) =>
      on((context) => exportRows(context, what, options))(options),
    );
  return program;
}

function common(command: Command, asWhom?: string): Command {
  return withUrl(command, asWhom).option('--json', 'one JSON document instead of sentences');
}

function withUrl(command: Command, asWhom?: string): Command {
  const what = `postgres://…${asWhom === undefined ? '' : `, ${asWhom}`}`;
  return command.addOption(new Option('--database-url <url>', what).env('DATABASE_URL'));
}

function uuid(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('That is no id.');
  return text;
}

function moment(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('Write a date as 2026-01-31.');
  return date;
}

function seconds(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > DAY_SECONDS) {
    throw new InvalidArgumentError('Write whole seconds, at most a day of them.');
  }
  return number;
}
