/** How far the program's time is ahead of the machine's, in milliseconds. */
let ahead = 0;

/**
 * The time it is in the program. TypeScript reads it nowhere else, as PostgreSQL reads it from `partner_program.now_ms()`
 * only: so a demo or a test can begin in the past and move on.
 */
export function currentTime(): Date {
  return new Date(Date.now() + ahead);
}

/** @throws Error in production, whose time is the machine's */
export function setTimeAhead(milliseconds: number): void {
  if (milliseconds !== 0 && process.env.NODE_ENV === 'production') throw new Error('In production time is not moved.');
  ahead = milliseconds;
}
