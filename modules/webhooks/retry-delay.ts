const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** The pauses that the Standard Webhooks specification suggests: ten attempts in about three days. */
const PAUSES = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/**
 * How long to wait after a failed attempt, up to a fifth more or less, so that a receiver that comes back is not asked
 * by everybody at once.
 *
 * @param attempt the attempt that failed, from 1
 * @param chance  0 ≤ chance < 1
 * @returns seconds; undefined when it was the last attempt
 */
export function retryDelaySeconds(attempt: number, chance: number): number | undefined {
  const pause = PAUSES[attempt - 1];
  return pause === undefined ? undefined : pause * (0.8 + 0.4 * chance);
}
