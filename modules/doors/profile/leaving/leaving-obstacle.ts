import type { Money } from '../../../kernel/money';
import type { RefusalCode } from '../../../kernel/refusal';
import type { Balance } from '../../../ledger/balances.queries';

/** What has to be settled before somebody can leave, and how much it is about. */
export interface LeavingObstacle {
  readonly code: RefusalCode;
  readonly amount: Money;
}

/**
 * The first thing that keeps a partner from leaving: nobody leaves with a request that waits, with commissions that
 * are still maturing, with a debt, or with money that was neither withdrawn nor given up.
 *
 * @param pending  the withdrawal that waits, if there is one
 * @param wallets  minor units, one per currency
 * @param forfeits whether the partner gives up what is available
 */
export function leavingObstacle(
  pending: Money | undefined,
  wallets: readonly Balance[],
  forfeits: boolean,
): LeavingObstacle | undefined {
  if (pending) {
    // A withdrawal has more to it than its amount, which nobody shall be answered.
    const { amountMinor, currency } = pending;
    return { code: 'WITHDRAWAL_PENDING', amount: { amountMinor, currency } };
  }
  return (
    amountIn(wallets, 'COMMISSIONS_MATURING', ({ maturingMinor }) => maturingMinor) ??
    amountIn(wallets, 'BALANCE_NEGATIVE', ({ totalMinor }) => Math.min(totalMinor, 0)) ??
    (forfeits ? undefined : amountIn(wallets, 'BALANCE_LEFT', ({ totalMinor }) => totalMinor))
  );
}

function amountIn(
  wallets: readonly Balance[],
  code: RefusalCode,
  minorOf: (wallet: Balance) => number,
): LeavingObstacle | undefined {
  const wallet = wallets.find((one) => minorOf(one) !== 0);
  return wallet && { code, amount: { amountMinor: minorOf(wallet), currency: wallet.currency } };
}
