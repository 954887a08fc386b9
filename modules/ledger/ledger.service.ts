import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { postTransactions } from './ledger.queries';
import type { Posting } from './posting';
import { PostingCounts } from './posting-counts.service';

/** The one way to post: everything a balance consists of goes through here. */
@Injectable()
export class LedgerService {
  constructor(private readonly counts: PostingCounts) {}

  /**
   * Posts in the caller's transaction. All accounts touched are locked in one order, so that no two postings wait
   * for each other in a circle.
   *
   * @returns a transaction id per posting, null where its key was posted before and nothing happened now
   * @throws Refusal INSUFFICIENT_FUNDS when a posting of a kind that may not do so would take an account below zero
   * @see Q5 Q6
   */
  async post(tx: EntityManager, ...postings: readonly Posting[]): Promise<(string | null)[]> {
    if (postings.length === 0) return [];
    const ids = await postTransactions(tx, postings);
    this.counts.add(
      tx,
      postings.filter((_, index) => ids[index] !== null),
    );
    return ids;
  }
}
