import type { DataSource, EntityManager } from 'typeorm';
import { withRetry } from '../../kernel/transaction';
import { isUndone } from '../../kernel/transient';
import { claim, keep } from './idempotency.queries';
import type { RepeatableRequest } from './idempotency.queries';

/**
 * Moves money in one transaction, together with the answer to be repeated: a client that never heard it asks again
 * with the same key and gets the first answer, without a second effect. What is refused changes nothing and is not
 * remembered. It is tried again only where nothing can have been committed; after a lost connection the client's key
 * finds out whether the money moved.
 *
 * @param work its answer must survive JSON unchanged, dates apart
 * @throws Refusal IDEMPOTENCY_KEY_REUSED with another body
 * @see F2 F21 F45
 */
export function moveMoney<Answer extends object>(
  db: DataSource,
  repeatable: RepeatableRequest | undefined,
  work: (tx: EntityManager) => Promise<Answer>,
): Promise<Answer> {
  return withRetry(db, (tx) => once(tx, repeatable, work), isUndone);
}

async function once<Answer extends object>(
  tx: EntityManager,
  repeatable: RepeatableRequest | undefined,
  work: (tx: EntityManager) => Promise<Answer>,
): Promise<Answer> {
  if (!repeatable) return work(tx);
  const known = await claim<Answer>(tx, repeatable);
  return known ?? keep(tx, repeatable, await work(tx));
}
