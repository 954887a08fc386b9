import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { run } from '../../kernel/query';
import { Refusal } from '../../kernel/refusal';
import { transaction } from '../../kernel/transaction';

/** A request that may come again: who sent it where, under which key, and what was in it. */
export interface Attempt {
  readonly actor: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
}

/**
 * Serialization failure, deadlock, lock not available: nothing was changed, and the next try may succeed. A lost
 * connection is not among them: whether the money moved is then for the client's key to find out.
 */
const TRANSIENT = /^(40001|40P01|55P03)$/;
const MAX_TRIES = 4;

/**
 * Moves money in one transaction, together with the answer to be repeated: a client that never heard it asks again
 * with the same key and gets the first answer, without a second effect. What is refused changes nothing and is not
 * remembered. A transaction that stood in another one's way is tried again.
 *
 * @param work its answer must survive JSON unchanged, dates apart
 * @throws Refusal IDEMPOTENCY_KEY_REUSED with another body
 * @see F2 F21 F45
 */
export async function moveMoney<Answer extends object>(
  db: DataSource,
  attempt: Attempt | undefined,
  work: (tx: EntityManager) => Promise<Answer>,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction(db, (tx) => once(tx, attempt, work));
    } catch (error) {
      if (tries === MAX_TRIES || !isTransient(error)) throw error;
      await sleep(2 ** tries * 5 * (0.5 + Math.random()));
    }
  }
}

async function once<Answer extends object>(
  tx: EntityManager,
  attempt: Attempt | undefined,
  work: (tx: EntityManager) => Promise<Answer>,
): Promise<Answer> {
  if (!attempt) return work(tx);
  const known = await claim<Answer>(tx, attempt);
  return known ?? keep(tx, attempt, await work(tx));
}

const CLAIM = {
  name: 'idempotency-claim',
  text: `
    insert into partner_program.idempotency_key (actor, route, key, body_hash) values ($1, $2, $3, $4)
    on conflict do nothing returning key`,
};

const KNOWN = {
  name: 'idempotency-known',
  text: `
    select body_hash as "bodyHash", answer from partner_program.idempotency_key
     where actor = $1 and route = $2 and key = $3`,
};

/**
 * Takes the key. A twin at the same moment waits here until the first one has committed or failed.
 *
 * @returns the answer kept under the key, if any. @throws Refusal IDEMPOTENCY_KEY_REUSED
 */
export async function claim<Answer>(
  tx: EntityManager,
  { actor, route, key, bodyHash }: Attempt,
): Promise<Answer | undefined> {
  const taken = await run(tx, CLAIM, [actor, route, key, bodyHash]);
  if (taken.length > 0) return undefined;
  const [known] = await run<{ bodyHash: string; answer: Answer | null }>(tx, KNOWN, [actor, route, key]);
  if (known?.bodyHash !== bodyHash) throw new Refusal('IDEMPOTENCY_KEY_REUSED');
  return known.answer ?? undefined;
}

const KEEP = {
  name: 'idempotency-keep',
  text: `
    update partner_program.idempotency_key set answer = coalesce(answer, $4)
     where actor = $1 and route = $2 and key = $3 returning answer`,
};

/** Keeps the answer, unless there is one already. @returns the one that is kept */
export async function keep<Answer extends object>(
  tx: EntityManager,
  { actor, route, key }: Attempt,
  answer: Answer,
): Promise<Answer> {
  // TypeORM answers an UPDATE … RETURNING with the rows and their number.
  const [rows] = await run<{ answer: Answer }[]>(tx, KEEP, [actor, route, key, JSON.stringify(answer)]);
  return rows![0]!.answer;
}

const FORGET = {
  name: 'idempotency-forget',
  text: `delete from partner_program.idempotency_key where created_at < partner_program.now_ms() - make_interval(days => $1)`,
};

/** Nobody repeats a request after so many days. */
export async function forgetKeys(tx: EntityManager, days: number): Promise<void> {
  await run(tx, FORGET, [days]);
}

function isTransient(error: unknown): boolean {
  const { code } = ((error as { driverError?: unknown } | null)?.driverError ?? {}) as { code?: unknown };
  return typeof code === 'string' && TRANSIENT.test(code);
}
