const DAY = /^\d{4}-\d{2}-\d{2}$/;
export const DAY_SECONDS = 86_400;
export const DAY_MS = 1_000 * DAY_SECONDS;

/** Where the day of a program begins that says nothing else. */
export const DEFAULT_TIME_ZONE = 'Europe/Warsaw';

/** The day a moment belongs to in a time zone: `2026-03-29`. */
export function dayOf(moment: Date, timeZone: string): string {
  // Sweden writes its dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    moment,
  );
}

/** `2026-02-27` and 2 days on: `2026-03-01`; a month has as many days as the calendar says. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The periods people look at, each with its first and its last day. */
export function usualPeriods(today: string): { name: string; from: string; to: string }[] {
  const firstOfMonth = `${today.slice(0, 8)}01`;
  const lastOfMonthBefore = addDays(firstOfMonth, -1);
  return [
    ...[7, 30, 90].map((days) => ({ name: `days${days}`, from: addDays(today, 1 - days), to: today })),
    { name: 'thisMonth', from: firstOfMonth, to: today },
    { name: 'lastMonth', from: `${lastOfMonthBefore.slice(0, 8)}01`, to: lastOfMonthBefore },
  ];
}

/**
 * The first moment of a day in a time zone, also where clocks are changed at midnight and the day begins at one.
 * @returns undefined for a text that is no day of the calendar
 */
export function startOfDay(day: string, timeZone: string): Date | undefined {
  const midnight = DAY.test(day) ? new Date(`${day}T00:00:00Z`) : new Date(NaN);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return undefined;
  // Whatever is in force a day before or a day after is in force at the beginning of the day.
  const [early, late] = [-DAY_MS, DAY_MS]
    .map((around) => new Date(midnight.getTime() - offsetAt(new Date(midnight.getTime() + around), timeZone)))
    .toSorted((a, b) => a.getTime() - b.getTime()) as [Date, Date];
  return dayOf(early, timeZone) === day ? early : late;
}

/** Seconds until the next day of a time zone begins. */
export function secondsLeftOfDay(now: Date, timeZone: string): number {
  const tomorrow = startOfDay(addDays(dayOf(now, timeZone), 1), timeZone)!;
  return Math.ceil((tomorrow.getTime() - now.getTime()) / 1_000);
}

/** The first moment of the month that a moment belongs to in a time zone. */
export function startOfMonth(moment: Date, timeZone: string): Date {
  return startOfDay(`${dayOf(moment, timeZone).slice(0, 8)}01`, timeZone)!;
}

/** How far the clocks of a time zone are ahead of UTC, in milliseconds. */
function offsetAt(moment: Date, timeZone: string): number {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(moment);
  return Date.parse(`${clock.replace(' ', 'T')}Z`) - Math.floor(moment.getTime() / 1000) * 1000;
}
