import { FULL_BPS, shareOf } from '../../../kernel/money';

/** How much of a base is taken back: a share of it, and amounts of it besides. As a whole it is 10 000 bps and no amount. */
export interface TakenBack {
  readonly basisMinor: number;
  readonly reversedBps: number;
  readonly reversedMinor: number;
}

/**
 * What is taken back of an amount that was paid on the base: the exact share, floored. Several refunds add up to the whole
 * exactly, whether they were told as shares or as amounts.
 *
 * @param amountMinor minor units, >= 0
 * @see Q4
 */
export function takenBackOf(amountMinor: number, { basisMinor, reversedBps, reversedMinor }: TakenBack): number {
  if (reversedMinor === 0) return shareOf(amountMinor, reversedBps);
  const base = BigInt(basisMinor);
  const share = BigInt(reversedBps) * base + BigInt(FULL_BPS) * BigInt(reversedMinor);
  return Number((BigInt(amountMinor) * share) / (BigInt(FULL_BPS) * base));
}

/** The same, no more than the whole. */
export function atMostWhole<Of extends TakenBack>(of: Of): Of {
  const { basisMinor, reversedBps, reversedMinor } = of;
  const base = BigInt(basisMinor);
  const isWhole =
    reversedBps >= FULL_BPS ||
    (reversedMinor > 0 &&
      BigInt(reversedBps) * base + BigInt(FULL_BPS) * BigInt(reversedMinor) >= BigInt(FULL_BPS) * base);
  return isWhole ? { ...of, reversedBps: FULL_BPS, reversedMinor: 0 } : of;
}

/** The share in whole basis points, rounded down. */
export function takenBackBps({ basisMinor, reversedBps, reversedMinor }: TakenBack): number {
  return reversedMinor === 0 ? reversedBps : reversedBps + sharesIn(reversedMinor, basisMinor);
}

/** How many basis points of a base an amount is, rounded down; at most all. */
export function sharesIn(amountMinor: number, basisMinor: number): number {
  if (amountMinor >= basisMinor) return FULL_BPS;
  return Number((BigInt(FULL_BPS) * BigInt(amountMinor)) / BigInt(basisMinor));
}
