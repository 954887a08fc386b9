import type { Client, Pool } from 'pg';
import { PROGRAM_RULES } from '../../modules/platform/program/program.queries';
import type { TestApp } from './app';

/** What a piece of work asked of the application's pool of connections. */
export interface Statements {
  /** Every statement as the server gets it, also those that begin and end a transaction. */
  readonly texts: readonly string[];
  /** How many connections were in use at one time. */
  readonly peak: number;
}

/**
 * What belongs to no request: workers are woken a moment after a commit, once for everybody who committed in that moment,
 * and every process follows what holds in the program.
 */
const BESIDE = new Set(['jobs-wake', PROGRAM_RULES.name]);

/** Watches the application's connections while something happens that nothing else happens beside. */
export function statementsOf(app: TestApp): (work: () => Promise<unknown>) => Promise<Statements> {
  const { master: pool } = app.db.driver as unknown as { readonly master: Pool };
  const watched = new WeakSet<Client>();
  const inUse = new Set<Client>();
  let texts: string[] = [];
  let peak = 0;
  const asked = (client: Client, text: string, name: string): void => {
    if (BESIDE.has(name)) return;
    texts.push(text);
    inUse.add(client);
    peak = Math.max(peak, inUse.size);
  };
  pool.on('acquire', (client: Client) => {
    if (!watched.has(client)) watch(client, (text, name) => asked(client, text, name));
    watched.add(client);
  });
  pool.on('release', (_error: unknown, client: Client) => inUse.delete(client));
  return async (work) => {
    [texts, peak] = [[], 0];
    await work();
    return { texts, peak };
  };
}

function watch(client: Client, asked: (text: string, name: string) => void): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  Object.assign(client, {
    query(...args: unknown[]) {
      const [asking] = args as [string | { readonly text: string; readonly name?: string }];
      if (typeof asking === 'string') asked(asking, '');
      else asked(asking.text, asking.name ?? '');
      return query(...args);
    },
  });
}
