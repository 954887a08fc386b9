import type { WithdrawalRow } from './withdrawals.queries';

/** Why a request cannot be paid: by no button, not in bulk, and in no bank file. @see P23 */
export type WithdrawalBlock = 'BALANCE_TOO_LOW' | 'SUSPENDED' | 'PAYOUT_ACCOUNT_MISSING' | 'OWN_WITHDRAWAL';

/** What keeps everybody from paying a request now; nothing for one that is settled. */
export function blocksOf({
  status,
  availableMinor,
  suspended,
  lacksAccount,
}: Pick<WithdrawalRow, 'status' | 'availableMinor' | 'suspended' | 'lacksAccount'>): WithdrawalBlock[] {
  if (status !== 'pending') return [];
  return [
    ...(availableMinor < 0 ? ['BALANCE_TOO_LOW' as const] : []),
    ...(suspended ? ['SUSPENDED' as const] : []),
    ...(lacksAccount ? ['PAYOUT_ACCOUNT_MISSING' as const] : []),
  ];
}
