import { available, held, move, program } from '../../ledger/posting';
import type { Posting } from '../../ledger/posting';
import type { WithdrawalRow } from './withdrawals.queries';

interface By {
  readonly ref: string;
}

/** The amount waits, out of the partner's reach. @see P16 */
export function holdOf(withdrawal: WithdrawalRow, by: By): Posting {
  const { id, partnerId, requestedAt } = withdrawal;
  return {
    key: `withdrawal:${id}:hold`,
    kind: 'hold',
    occurredAt: requestedAt,
    postedBy: by.ref,
    moves: [move(available(partnerId), held(partnerId), withdrawal)],
  };
}

/** Back, and then out: so the history of the available balance tells the whole story. @see P17 */
export function payoutOf(withdrawal: WithdrawalRow, by: By): Posting {
  const { id, partnerId, settledAt, reference } = withdrawal;
  return {
    key: `withdrawal:${id}:payout`,
    kind: 'payout',
    occurredAt: settledAt!,
    postedBy: by.ref,
    reason: reference ?? undefined,
    moves: [
      move(held(partnerId), available(partnerId), withdrawal, { kind: 'holdReturn' }),
      move(available(partnerId), program('payouts'), withdrawal),
    ],
  };
}

/** The partner's again: rejected or cancelled. @see P17 */
export function returnOf(withdrawal: WithdrawalRow, by: By): Posting {
  const { id, partnerId, settledAt, reason } = withdrawal;
  return {
    key: `withdrawal:${id}:return`,
    kind: 'holdReturn',
    occurredAt: settledAt!,
    postedBy: by.ref,
    reason: reason ?? undefined,
    moves: [move(held(partnerId), available(partnerId), withdrawal)],
  };
}
