const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The pauses that the Standard Webhooks specification suggests: ten attempts in about three days. */
const PAUSES = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, DAY];
/** Also a receiver that keeps asking for later, or one of which too many attempts are due, is given up on some day. */
const PATIENCE = 5 * DAY;
/** However long the receiver asks to be left alone. */
const LONGEST_REST = DAY;

/** How a delivery stands after an attempt that failed. */
export interface FailedAttempt {
  /** Counted from 1 in this round. */
  readonly attempt: number;
  /** Since the round began. */
  readonly ageSeconds: number;
  /** How long the receiver wants to be left alone; 0 where it does not say. */
  readonly restSeconds: number;
}

/**
 * How long to wait after a failed attempt: as the schedule says, up to a fifth more or less, so that a receiver that comes
 * back is not asked by everybody at once; and not before the receiver wants to be asked, within a day.
 *
 * @param chance 0 ≤ chance < 1
 * @returns seconds; undefined when it was the last attempt
 */
export function retryDelaySeconds(
  { attempt, ageSeconds, restSeconds }: FailedAttempt,
  chance: number,
): number | undefined {
  const pause = PAUSES[attempt - 1];
  if (pause === undefined) return undefined;
  const rest = Math.min(restSeconds, LONGEST_REST) * (1 + 0.2 * chance);
  const delay = Math.max(pause * (0.8 + 0.4 * chance), rest);
  return ageSeconds + delay > PATIENCE ? undefined : delay;
}

/**
 * What the header `Retry-After` asks for: seconds, or the moment from which on one may come again.
 *
 * @returns seconds from now on; 0 for a moment that is over and for what is neither
 * @see RFC 9110, 10.2.3
 */
export function restSecondsOf(retryAfter: string | undefined, now: Date): number {
  if (retryAfter === undefined) return 0;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const moment = retryAfter.endsWith(' GMT') ? Date.parse(retryAfter) : NaN;
  return Number.isNaN(moment) ? 0 : Math.max(0, (moment - now.getTime()) / 1_000);
}
