import { MAX_AMOUNT_MINOR } from '../kernel/money';
import type { Money } from '../kernel/money';
import { Refusal } from '../kernel/refusal';

/** A kind that an optional module adds to the tables of kinds: its name comes first, as in `club.transfer`. */
type ModuleKind = `${string}.${string}`;

export type PostingKind = 'commission' | 'reversal' | 'release' | 'adjustment' | 'hold' | 'holdReturn' | 'payout';
export type PartnerAccount = 'available' | 'maturing' | 'held';
export type ProgramAccount = 'commissions' | 'payouts' | 'adjustments';

/** The holder of the program's own accounts. */
export const PROGRAM = '00000000-0000-0000-0000-000000000000';

/** An account by what it is, in the currency of the move; it is opened when first posted to. */
export interface AccountRef {
  readonly holderId: string;
  readonly kind: PartnerAccount | ProgramAccount | ModuleKind;
}

export const available = (partnerId: string): AccountRef => ({ holderId: partnerId, kind: 'available' });
/** Accrued, within the holding period. */
export const maturing = (partnerId: string): AccountRef => ({ holderId: partnerId, kind: 'maturing' });
/** Waits in a withdrawal. */
export const held = (partnerId: string): AccountRef => ({ holderId: partnerId, kind: 'held' });
export const program = (kind: ProgramAccount): AccountRef => ({ holderId: PROGRAM, kind });

/** What the holder reads in the history of the account. */
export interface Cause {
  /** The posting's own kind where not given. */
  readonly kind?: PostingKind | ModuleKind;
  readonly contractId?: string;
  readonly level?: number;
}

/** So much from one account to another: both sides are written, so that nothing can be out of balance. */
export interface Move extends Money, Cause {
  readonly from: AccountRef;
  readonly to: AccountRef;
}

/** @throws Refusal INVALID_AMOUNT unless 1..MAX_AMOUNT_MINOR: what is taken back is a move in the other direction */
export function move(from: AccountRef, to: AccountRef, { amountMinor, currency }: Money, cause: Cause = {}): Move {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0 || amountMinor > MAX_AMOUNT_MINOR) {
    throw new Refusal('INVALID_AMOUNT', { value: String(amountMinor) });
  }
  return { from, to, amountMinor, currency, ...cause };
}

/** Moves that happen together, posted once under their key. */
export interface Posting {
  /** Says what happened, so that reporting it twice posts it once: `contract:<id>:<version>`, `withdrawal:<id>:hold`. */
  readonly key: string;
  readonly kind: PostingKind | ModuleKind;
  readonly occurredAt: Date;
  /** `user:<id>`, `partner:<id>` or `program`. */
  readonly postedBy: string;
  readonly reason?: string;
  readonly moves: readonly Move[];
}
