import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MAX_AMOUNT_MINOR } from '../kernel/money';
import type { Currency } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { postTransactions } from './ledger.queries';
import { PostingCounts } from './posting-counts.service';

export type PostingKind = 'commission' | 'reversal' | 'release' | 'adjustment' | 'hold' | 'holdReturn' | 'payout';

/** An account by what it is; it is opened when first posted to. */
export type AccountRef =
  | { readonly partnerId: string; readonly kind: 'available' | 'pending' | 'held' }
  | { readonly partnerId: null; readonly kind: 'commissions' | 'payouts' | 'adjustments' };

export const available = (partnerId: string): AccountRef => ({ partnerId, kind: 'available' });
export const pending = (partnerId: string): AccountRef => ({ partnerId, kind: 'pending' });
export const held = (partnerId: string): AccountRef => ({ partnerId, kind: 'held' });
export const program = (kind: 'commissions' | 'payouts' | 'adjustments'): AccountRef => ({ partnerId: null, kind });

/** One leg. Positive is credit to the holder of the account; never zero. */
export interface PostingEntry {
  readonly account: AccountRef;
  readonly currency: Currency;
  readonly amountMinor: number;
  /** What the partner reads in the history; the posting's own kind where not given. */
  readonly kind?: PostingKind;
  readonly contractId?: string;
  readonly level?: number;
}

/** A balanced set of entries, posted once under its key. */
export interface Posting {
  /** Says what happened, so that telling it twice posts it once: `contract:<id>:<version>`, `withdrawal:<id>:hold`. */
  readonly key: string;
  readonly kind: PostingKind;
  readonly occurredAt: Date;
  /** `user:<id>`, `partner:<id>` or `program`. */
  readonly postedBy: string;
  readonly reason?: string;
  readonly entries: readonly PostingEntry[];
}

@Injectable()
export class LedgerService {
  constructor(private readonly counts: PostingCounts) {}

  /**
   * Posts in the caller's transaction. All wallets touched are locked in one order, so that no two postings wait
   * for each other in a circle.
   *
   * @returns a transaction id per posting, null where its key was posted before and nothing happened now
   * @throws Refusal INSUFFICIENT_FUNDS when anything but a reversal would take an account below zero
   * @throws Error when a posting does not balance per currency: that is a bug of the caller
   * @see Q5 Q6
   */
  async post(tx: EntityManager, ...postings: readonly Posting[]): Promise<(string | null)[]> {
    if (postings.length === 0) return [];
    postings.forEach(assertBalanced);
    const ids = await postTransactions(tx, postings);
    this.counts.add(
      tx,
      postings.filter((_, index) => ids[index] !== null),
    );
    return ids;
  }
}

/** The database checks the same at commit; here the bug shows where it was made. */
function assertBalanced({ key, entries }: Posting): void {
  const sums = new Map<Currency, bigint>();
  for (const { currency, amountMinor } of entries) {
    if (!Number.isSafeInteger(amountMinor) || amountMinor === 0 || Math.abs(amountMinor) > MAX_AMOUNT_MINOR) {
      throw new Refusal('INVALID_AMOUNT', { value: String(amountMinor) });
    }
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amountMinor));
  }
  if (entries.length < 2 || [...sums.values()].some((sum) => sum !== 0n)) {
    throw new Error(`Posting ${key} does not balance`);
  }
}
