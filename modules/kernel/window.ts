/** Seconds until the next stretch of so many begins, counted from midnight UTC: the next hour, the next day. */
export function secondsUntilNext(windowSeconds: number, now: Date): number {
  return windowSeconds - (Math.floor(now.getTime() / 1_000) % windowSeconds);
}
