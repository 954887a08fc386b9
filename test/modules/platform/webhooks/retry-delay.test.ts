import { restSecondsOf, retryDelaySeconds } from '../../../../modules/platform/webhooks/retry-delay';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const failed = { attempt: 1, ageSeconds: 0, restSeconds: 0 };

it('tries ten times in about three days, each pause up to a fifth more or less', () => {
  const pauses = (chance: number) =>
    Array.from({ length: 9 }, (_, index) => retryDelaySeconds({ ...failed, attempt: index + 1 }, chance)!);
  const days = (all: number[]) => all.reduce((total, seconds) => total + seconds, 0) / DAY;
  expect(pauses(0.5)[0]).toBe(5);
  expect(days(pauses(0))).toBeCloseTo(2.52, 1);
  expect(days(pauses(0.999))).toBeCloseTo(3.78, 1);
  expect(retryDelaySeconds({ ...failed, attempt: 10 }, 0)).toBeUndefined();
});

it('comes no sooner than it is asked to, a day at most, and no sooner than the schedule says', () => {
  expect(retryDelaySeconds({ ...failed, restSeconds: HOUR }, 0)).toBe(HOUR);
  expect(retryDelaySeconds({ ...failed, restSeconds: 365 * DAY }, 0)).toBe(DAY);
  expect(retryDelaySeconds({ ...failed, attempt: 4, restSeconds: 1 }, 0.5)).toBe(2 * HOUR);
});

it('ends when the next attempt would come later than five days after the first was due', () => {
  expect(retryDelaySeconds({ attempt: 2, ageSeconds: 5 * DAY - 300, restSeconds: 0 }, 0.5)).toBe(300);
  expect(retryDelaySeconds({ attempt: 2, ageSeconds: 5 * DAY - 299, restSeconds: 0 }, 0.5)).toBeUndefined();
});

it.each([
  ['120', 120],
  ['Sun, 22 Nov 2026 12:00:30 GMT', 30],
  ['Sun, 22 Nov 2026 11:59:59 GMT', 0],
  ['2026-11-22T12:00:30Z', 0],
  ['-5', 0],
  ['1e9', 0],
  ['soon', 0],
  ['', 0],
  [undefined, 0],
])('reads Retry-After "%s" as %s seconds', (header, seconds) => {
  expect(restSecondsOf(header, new Date('2026-11-22T12:00:00Z'))).toBe(seconds);
});
