import { Client } from 'pg';
import type { Config } from '../config';
import { StartError } from '../start-error';
import { APP_ROLE, EmbeddedPostgres } from './embedded-postgres';

const OLDEST_MAJOR_VERSION = 15;

export interface OpenDatabase {
  /** The application connects with it. */
  readonly url: string;
  /** Migrations run with it. */
  readonly ownerUrl: string;
  /** The application's role, when it is not the owner itself. */
  readonly appRole?: string;
  /** For people. */
  readonly description: string;
  close(): Promise<void>;
}

/**
 * The PostgreSQL of DATABASE_URL, checked; without one, a server of the program's own.
 * @param options `shared`: also while the program runs on it, which then keeps it
 * @throws StartError
 */
export async function openDatabase(config: Config, options: { shared?: boolean } = {}): Promise<OpenDatabase> {
  const { databaseUrl: url, databaseOwnerUrl: ownerUrl, dataDir } = config;
  if (url) {
    await checkServer('DATABASE_URL', url, config);
    if (ownerUrl) await checkServer('DATABASE_OWNER_URL', ownerUrl, config);
    const { username, host, pathname } = new URL(url);
    const appRole = ownerUrl ? decodeURIComponent(username) : undefined;
    return {
      url,
      ownerUrl: ownerUrl ?? url,
      appRole,
      description: `${host}${pathname}`,
      close: () => Promise.resolve(),
    };
  }
  const server = await EmbeddedPostgres.start({ dataDir, ...options });
  return {
    url: server.appUrl,
    ownerUrl: server.ownerUrl,
    appRole: APP_ROLE,
    description: dataDir,
    close: () => server.stop(),
  };
}

/**
 * Whether the server can be trusted with money: PostgreSQL 15 or newer, and what it has confirmed survives a crash.
 * The latter is a matter of production only; elsewhere it is said and accepted. @see F5
 */
async function checkServer(variable: string, url: string, { production }: Config): Promise<void> {
  const { version, unsafe } = await serverFacts(variable, url);
  if (version < OLDEST_MAJOR_VERSION) {
    throw new StartError(
      `${variable} leads to PostgreSQL ${version}; ${OLDEST_MAJOR_VERSION} is the oldest that will do.`,
    );
  }
  if (unsafe.length === 0) return;
  const sentence = `${variable} leads to a server that can lose confirmed payments in a crash: ${unsafe.join(', ')} is off.`;
  if (production) throw new StartError(sentence);
  console.warn(sentence);
}

async function serverFacts(variable: string, url: string): Promise<{ version: number; unsafe: string[] }> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; unsafe: string[] }>(
      `select current_setting('server_version_num')::int / 10000 as version, array(
         select name from pg_settings
          where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name
       )::text[] as unsafe`,
    );
    return rows[0] ?? { version: 0, unsafe: [] };
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    throw new StartError(`${variable}: PostgreSQL does not answer at ${new URL(url).host} (${message || code}).`, {
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
