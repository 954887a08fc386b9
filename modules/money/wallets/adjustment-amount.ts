import { Refusal } from '../../kernel/refusal';

/** What a correction does with the amount given; without one the amount is signed. */
export type AdjustmentOperation = 'credit' | 'debit' | 'set';

/**
 * By how much a correction changes a balance.
 *
 * @param amountMinor    how much to add or deduct, not negative; the new balance for `set`
 * @param availableMinor the balance as it is
 * @returns              signed minor units, not zero
 * @throws Refusal INVALID_INPUT (field `amountMinor`) for a negative amount, and where the balance is that already
 * @see P14, S5
 */
export function adjustmentAmount(
  operation: AdjustmentOperation | undefined,
  amountMinor: number,
  availableMinor: number,
): number {
  if (operation === undefined) return amountMinor;
  if (operation === 'set' && amountMinor === availableMinor) throw invalid('NOTHING_CHANGES');
  if (amountMinor < 0) throw invalid('AMOUNT');
  if (operation === 'set') return amountMinor - availableMinor;
  return operation === 'debit' ? -amountMinor : amountMinor;
}

function invalid(code: string): Refusal {
  return new Refusal('INVALID_INPUT', { errors: [{ field: 'amountMinor', code, params: {} }] });
}
