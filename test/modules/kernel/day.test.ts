import fc from 'fast-check';
import { addDays, dayOf, startOfDay, startOfMonth, usualPeriods } from '../../../modules/kernel/day';

const begins = (day: string, timeZone: string) => startOfDay(day, timeZone)?.toISOString();

it('begins a day where the clocks of its time zone do', () => {
  expect(begins('2026-01-15', 'Europe/Warsaw')).toBe('2026-01-14T23:00:00.000Z');
  expect(begins('2026-07-15', 'Europe/Warsaw')).toBe('2026-07-14T22:00:00.000Z');
  expect(begins('2026-01-15', 'America/Sao_Paulo')).toBe('2026-01-15T03:00:00.000Z');
  expect(begins('2026-01-15', 'UTC')).toBe('2026-01-15T00:00:00.000Z');
});

it('knows the days of 23 and 25 hours, and those on which midnight is skipped or comes twice', () => {
  expect(begins('2026-03-29', 'Europe/Warsaw')).toBe('2026-03-28T23:00:00.000Z');
  expect(begins('2026-03-30', 'Europe/Warsaw')).toBe('2026-03-29T22:00:00.000Z');
  expect(begins('2026-10-26', 'Europe/Warsaw')).toBe('2026-10-25T23:00:00.000Z');
  expect(begins('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
  expect(begins('2018-02-18', 'America/Sao_Paulo')).toBe('2018-02-18T03:00:00.000Z');
});

it('takes nothing for a day that is none', () => {
  for (const text of ['', '2026-02-30', '2026-13-01', '2026-1-1', '2026-03-29T10:00', '0']) {
    expect(startOfDay(text, 'Europe/Warsaw')).toBeUndefined();
  }
  expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
});

it('finds every moment between the beginning of its day and that of the next', () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const moments = fc.date({ min: new Date('2000-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(zones, moments, (zone, moment) => {
      const day = dayOf(moment, zone);
      expect(startOfDay(day, zone)!.getTime()).toBeLessThanOrEqual(moment.getTime());
      expect(startOfDay(addDays(day, 1), zone)!.getTime()).toBeGreaterThan(moment.getTime());
    }),
  );
});

it('[F16] puts every moment into one month, which ends where the next begins: in every time zone', () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const moments = fc.date({ min: new Date('2000-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(zones, moments, (zone, moment) => {
      const firstOf = (day: string) => `${day.slice(0, 8)}01`;
      const first = firstOf(dayOf(moment, zone));
      const next = firstOf(addDays(first, 31));
      const [start, end] = [startOfDay(first, zone)!, startOfDay(next, zone)!];
      expect(start.getTime() <= moment.getTime() && moment.getTime() < end.getTime()).toBe(true);
      // Half-open: the last moment of the one, the first of the other.
      expect(firstOf(dayOf(new Date(end.getTime() - 1), zone))).toBe(first);
      expect(firstOf(dayOf(end, zone))).toBe(next);
    }),
    { numRuns: 2_000 },
  );
  const april = new Date('2026-03-31T22:30:00Z');
  expect([dayOf(april, 'Europe/Warsaw'), dayOf(april, 'America/Sao_Paulo')]).toEqual(['2026-04-01', '2026-03-31']);
});

it('[F16] knows the month of a moment, which is another one east and west of it', () => {
  const begin = (moment: string, zone: string) => startOfMonth(new Date(moment), zone).toISOString();
  expect(begin('2026-03-31T22:30:00Z', 'Europe/Warsaw')).toBe('2026-03-31T22:00:00.000Z');
  expect(begin('2026-03-31T22:30:00Z', 'America/Sao_Paulo')).toBe('2026-03-01T03:00:00.000Z');
  expect(begin('2026-10-31T22:59:59.999Z', 'Europe/Warsaw')).toBe('2026-09-30T22:00:00.000Z');
  expect(begin('2028-02-29T12:00:00Z', 'UTC')).toBe('2028-02-01T00:00:00.000Z');
});

it('knows the periods people look at, whole months by the calendar', () => {
  expect(usualPeriods('2028-03-31')).toEqual([
    { name: 'days7', from: '2028-03-25', to: '2028-03-31' },
    { name: 'days30', from: '2028-03-02', to: '2028-03-31' },
    { name: 'days90', from: '2028-01-02', to: '2028-03-31' },
    { name: 'thisMonth', from: '2028-03-01', to: '2028-03-31' },
    { name: 'lastMonth', from: '2028-02-01', to: '2028-02-29' },
  ]);
  expect(usualPeriods('2026-01-05').at(-1)).toEqual({ name: 'lastMonth', from: '2025-12-01', to: '2025-12-31' });
});
