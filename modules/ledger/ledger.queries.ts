import type { EntityManager } from 'typeorm';
import { refuseOn, run } from '../kernel/query';
import type { Posting } from './ledger.service';

const POST = {
  name: 'ledger-post',
  text: `select partner_program.post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as ids`,
};

/** @returns the transaction id of each posting, null where the key had been posted before */
export async function postTransactions(tx: EntityManager, postings: readonly Posting[]): Promise<(string | null)[]> {
  const entries = postings.flatMap((posting, index) =>
    posting.entries.map((entry) => ({ ...entry, position: index + 1, kind: entry.kind ?? posting.kind })),
  );
  const params = [
    postings.map(({ key }) => key),
    postings.map(({ kind }) => kind),
    postings.map(({ occurredAt }) => occurredAt),
    postings.map(({ postedBy }) => postedBy),
    postings.map(({ reason }) => reason ?? null),
    entries.map(({ position }) => position),
    entries.map(({ account }) => account.partnerId),
    entries.map(({ account }) => account.kind),
    entries.map(({ currency }) => currency),
    entries.map(({ kind }) => kind),
    entries.map(({ amountMinor }) => amountMinor),
    entries.map(({ contractId }) => contractId ?? null),
    entries.map(({ level }) => level ?? null),
  ];
  const [row] = await refuseOn({ entry_overdraft_by_reversal_only: 'INSUFFICIENT_FUNDS' }, () =>
    run<{ ids: (string | null)[] }>(tx, POST, params),
  );
  return row!.ids;
}
