import { randomInt } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { isTransient } from './transient';

/** How often work is begun again, and how long the first of the growing pauses is on average. */
const RETRIES = 4;
const FIRST_PAUSE_MS = 20;

const ownDefault = new WeakMap<DataSource, Promise<boolean>>();

/**
 * A transaction of READ COMMITTED, each statement of which sees what was committed before it began: rows are locked
 * first and read by the next statement. It is said to the server only where the host's default is another level.
 */
export async function transaction<T>(db: DataSource, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  return (await readsCommitted(db)) ? db.transaction(work) : db.transaction('READ COMMITTED', work);
}

/**
 * A transaction that is begun anew, after pauses that grow, while the database says that this may help.
 *
 * @param mayRetry which errors are worth another try; all that pass by default
 */
export async function withRetry<T>(
  db: DataSource,
  work: (tx: EntityManager) => Promise<T>,
  mayRetry: (error: unknown) => boolean = isTransient,
): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await transaction(db, work);
    } catch (error) {
      if (retries === RETRIES || !mayRetry(error)) throw error;
    }
    // Transactions that stood in each other's way must not meet again.
    const pauseMs = FIRST_PAUSE_MS * 2 ** retries;
    await new Promise((resolve) => setTimeout(resolve, randomInt(pauseMs / 2, pauseMs * 1.5)));
  }
}

function readsCommitted(db: DataSource): Promise<boolean> {
  let known = ownDefault.get(db);
  if (!known) {
    known = db
      .query<{ level: string }[]>(`select current_setting('default_transaction_isolation') as level`)
      .then(([row]) => row?.level === 'read committed');
    known.catch(() => ownDefault.delete(db));
    ownDefault.set(db, known);
  }
  return known;
}
