import type { EntityManager } from 'typeorm';
import { rows } from '../../kernel/query';
import { Refusal } from '../../kernel/refusal';
import type { Retention } from '../retention/retention.service';
import { IdempotencyKey } from './idempotency-key.entity';

/** A request that may come again: who sent it where, under which key, and what was in it. */
export interface RepeatableRequest {
  readonly actor: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
}

const CLAIM = {
  name: 'idempotency-claim',
  text: `
    insert into partner_program.idempotency_key (actor, route, key, body_hash) values ($1, $2, $3, $4)
    on conflict do nothing returning key`,
};

/**
 * Takes the key. A twin at the same moment waits here until the first one has committed or failed.
 *
 * @returns the answer kept under the key, if any. @throws Refusal IDEMPOTENCY_KEY_REUSED
 */
export async function claim<Answer>(
  tx: EntityManager,
  { actor, route, key, bodyHash }: RepeatableRequest,
): Promise<Answer | undefined> {
  const taken = await rows(tx, CLAIM, [actor, route, key, bodyHash]);
  if (taken.length > 0) return undefined;
  const known = await tx.findOneBy(IdempotencyKey, { actor, route, key });
  if (known?.bodyHash !== bodyHash) throw new Refusal('IDEMPOTENCY_KEY_REUSED');
  return (known.answer as Answer | null) ?? undefined;
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
  { actor, route, key }: RepeatableRequest,
  answer: Answer,
): Promise<Answer> {
  const found = await rows<{ answer: Answer }>(tx, KEEP, [actor, route, key, JSON.stringify(answer)]);
  return found[0]!.answer;
}

export const IDEMPOTENCY_RETENTION: readonly Retention[] = [
  {
    name: 'retention-idempotency-keys',
    what: 'answers to requests that may be repeated',
    days: 30,
    text: `
      delete from partner_program.idempotency_key where (actor, route, key) in (
        select actor, route, key from partner_program.idempotency_key
         where created_at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
];
