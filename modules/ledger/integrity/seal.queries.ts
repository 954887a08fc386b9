import type { EntityManager } from 'typeorm';
import { rows } from '../../kernel/query';

const SEAL = { name: 'ledger-seal', text: 'select partner_program.seal_transactions($1) as sealed' };

/**
 * Seals committed transactions that no seal covers yet, off the posting path. Of several who try at once one
 * succeeds; the others meet the number of its seal.
 *
 * @returns how many were sealed; fewer than `most` when none is left
 * @see L3
 */
export async function sealTransactions(tx: EntityManager, most: number): Promise<number> {
  const [row] = await rows<{ sealed: number }>(tx, SEAL, [most]);
  return row!.sealed;
}

const LAST_SEAL = {
  name: 'ledger-last-seal',
  text: `select number, encode(hash, 'hex') as hash, sealed_at from partner_program.seal
          order by number desc limit 1`,
};

/** Whoever keeps its hash outside the database can prove later that nothing before it was changed. */
export interface LastSeal {
  readonly number: number;
  readonly hash: string;
  readonly sealedAt: Date;
}

export async function lastSeal(tx: EntityManager): Promise<LastSeal | null> {
  const [row] = await rows<LastSeal>(tx, LAST_SEAL);
  return row ?? null;
}
