import { retryDelaySeconds } from '../../../modules/webhooks/retry-delay';

it('tries ten times in about three days, each pause up to a fifth more or less', () => {
  const pauses = (chance: number) => Array.from({ length: 9 }, (_, index) => retryDelaySeconds(index + 1, chance)!);
  const days = (all: number[]) => all.reduce((total, seconds) => total + seconds, 0) / 86_400;
  expect(pauses(0.5)[0]).toBe(5);
  expect(days(pauses(0))).toBeCloseTo(2.52, 1);
  expect(days(pauses(0.999))).toBeCloseTo(3.78, 1);
  expect(retryDelaySeconds(10, 0)).toBeUndefined();
});
