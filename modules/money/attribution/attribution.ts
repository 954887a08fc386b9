import type { AttributionSource } from '../../kernel/attribution-source';

/** Why nobody is credited with a contract. */
export const NOBODY_REASONS = ['NO_ATTRIBUTION', 'NOT_JOINED_YET', 'SELF_REFERRAL', 'REFERRER_UNKNOWN'] as const;
export type NobodyReason = (typeof NOBODY_REASONS)[number];

/** Whose contract it is (level 0), or why nobody's. */
export type Attribution =
  | { readonly source: AttributionSource; readonly partnerId: string; readonly reason: null }
  | { readonly source: null; readonly partnerId: null; readonly reason: NobodyReason };

/** A partner whom one of the sources names. */
export interface Candidate {
  readonly source: AttributionSource;
  readonly partnerId: string;
  /** Whether the person was a partner at the moment of the contract. */
  readonly joined: boolean;
  /** Whether the person is the client: nobody refers himself. */
  readonly isClient: boolean;
}

/**
 * The first source that names somebody who can be credited. A seller may be the client as well: selling is work.
 *
 * @param order      the sources that count, the strongest first
 * @param referredBy what the host says of who referred the contract; null for nothing
 * @returns the reason of the strongest source that named somebody in vain, else NO_ATTRIBUTION
 * @see P20
 */
export function attributionOf(
  order: readonly AttributionSource[],
  candidates: readonly Candidate[],
  referredBy: string | null,
): Attribution {
  let reason: NobodyReason | null = null;
  for (const source of order) {
    const candidate = candidates.find((one) => one.source === source);
    const refused = whyNot(source, candidate, referredBy);
    if (candidate && refused === null) return { source, partnerId: candidate.partnerId, reason: null };
    reason ??= refused;
  }
  return { source: null, partnerId: null, reason: reason ?? 'NO_ATTRIBUTION' };
}

function whyNot(
  source: AttributionSource,
  candidate: Candidate | undefined,
  referredBy: string | null,
): NobodyReason | null {
  if (!candidate) return source === 'contract' && referredBy !== null ? 'REFERRER_UNKNOWN' : null;
  if (!candidate.joined) return 'NOT_JOINED_YET';
  return candidate.isClient && source !== 'seller' ? 'SELF_REFERRAL' : null;
}

/** The same in the words of the table of events. */
export interface Attributed {
  readonly attributedTo: string | null;
  readonly attributionSource: AttributionSource | null;
  readonly attributionReason: NobodyReason | null;
}

/** A partner's id or referral code as a host wrote it; null for nothing. */
export function referralIn(text: string | null | undefined): string | null {
  return text?.trim().toLowerCase() || null;
}
