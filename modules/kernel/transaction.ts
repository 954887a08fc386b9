import type { DataSource, EntityManager } from 'typeorm';

const ownDefault = new WeakMap<DataSource, Promise<boolean>>();

/**
 * A transaction of READ COMMITTED, each statement of which sees what was committed before it began: rows are locked
 * first and read by the next statement. It is said to the server only where the host's default is another level.
 */
export async function transaction<T>(db: DataSource, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  return (await readsCommitted(db)) ? db.transaction(work) : db.transaction('READ COMMITTED', work);
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
