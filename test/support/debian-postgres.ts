import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './processes';

const INSTALLED = '/usr/lib/postgresql';
const NEEDED = ['initdb', 'pg_ctl', 'postgres', 'pg_dump', 'pg_restore'];

/** The folder of a whole PostgreSQL of the system; the one of the npm package has no pg_dump. */
export const debianPostgres = existsSync(INSTALLED)
  ? readdirSync(INSTALLED)
      .map((version) => join(INSTALLED, version, 'bin'))
      .findLast((folder) => NEEDED.every((program) => existsSync(join(folder, program))))
  : undefined;

/** A server of the test's own, of the system's PostgreSQL, with its data in a folder that goes away with it. */
export class DebianPostgres {
  private constructor(
    private readonly programs: string,
    private readonly folder: string,
    private readonly port: number,
    private readonly account: { uid?: number; gid?: number },
  ) {}

  static async start(programs: string): Promise<DebianPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'partner-program-debian-'));
    const account: { uid?: number; gid?: number } = process.getuid?.() === 0 ? nobody() : {};
    if (account.uid !== undefined) chownSync(folder, account.uid, account.gid!);
    chmodSync(folder, 0o755);
    const server = new DebianPostgres(programs, folder, await freePort(), account);
    await server.run('initdb', '-D', server.data, '-U', 'postgres', '--auth=trust', '--locale=C', '--encoding=UTF8');
    const options = `-p ${server.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
    await server.run('pg_ctl', 'start', '-w', '-D', server.data, '-l', join(folder, 'log'), '-o', options);
    return server;
  }

  url(database: string, role = 'postgres'): string {
    return `postgres://${role}:any@127.0.0.1:${this.port}/${database}?sslmode=disable`;
  }

  async run(program: string, ...args: readonly string[]): Promise<void> {
    await promisify(execFile)(join(this.programs, program), args, { cwd: this.folder, ...this.account });
  }

  /** A place for a file that its programs may write. */
  file(name: string): string {
    return join(this.folder, name);
  }

  async stop(): Promise<void> {
    await this.run('pg_ctl', 'stop', '-w', '-D', this.data, '-m', 'fast');
    rmSync(this.folder, { recursive: true });
  }

  private get data(): string {
    return join(this.folder, 'data');
  }
}

function nobody(): { uid: number; gid: number } {
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' })));
  return { uid: uid!, gid: gid! };
}
