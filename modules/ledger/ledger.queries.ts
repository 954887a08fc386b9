import type { EntityManager } from 'typeorm';
import { refuseOn, rows } from '../kernel/query';
import type { Posting } from './posting';

const POST = { name: 'ledger-post', text: 'select partner_program.post($1) as ids' };

/** @returns the transaction id of each posting, null where the key had been posted before */
export async function postTransactions(tx: EntityManager, postings: readonly Posting[]): Promise<(string | null)[]> {
  const document = postings.map(({ moves, ...posting }) => ({
    ...posting,
    moves: moves.map(({ from, to, ...rest }) => ({
      from: from.holderId,
      fromKind: from.kind,
      to: to.holderId,
      toKind: to.kind,
      ...rest,
    })),
  }));
  const [row] = await refuseOn({ entry_not_overdrawn: 'INSUFFICIENT_FUNDS' }, () =>
    rows<{ ids: (string | null)[] }>(tx, POST, [JSON.stringify(document)]),
  );
  return row!.ids;
}
