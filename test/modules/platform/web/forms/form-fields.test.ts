import { Units } from '../../../../../modules/kernel/units';
import { readFilters, readForm } from '../../../../../modules/platform/web/forms/form-fields';
import { PUNKTY } from '../../../../support/known-program';

/** A quarter past one at night on the 30th of March 2026 in Warsaw, still the 29th in UTC. */
const units = new Units([{ isMoney: false, worth: null, ...PUNKTY }]);
const now = new Date('2026-03-29T23:15:00Z');
const polish = { locale: 'pl', currency: 'PLN', units, timeZone: 'Europe/Warsaw', now } as const;
const form = (body: object, kinds = {}, habits: Parameters<typeof readForm>[2] = polish) =>
  readForm(body, kinds, habits);

describe('a form', () => {
  it('[Q5] reads money in the habit of the language and the decimals of the currency', () => {
    const kinds = { amountMinor: 'money' } as const;
    expect(form({ amountMinor: '1 234,50' }, kinds)).toEqual({ amountMinor: 123450 });
    expect(form({ amountMinor: '1,234.50' }, kinds, { ...polish, locale: 'en' })).toEqual({
      amountMinor: 123450,
    });
    expect(form({ amountMinor: '-500', currency: 'JPY' }, kinds)).toEqual({ amountMinor: -500, currency: 'JPY' });
    expect(form({ amountMinor: '1 250', currency: 'PUNKTY' }, kinds)).toEqual({
      amountMinor: 1250,
      currency: 'PUNKTY',
    });
    expect(form({ amountMinor: '12,5', currency: 'PUNKTY' }, kinds)).toEqual({
      amountMinor: '12,5',
      currency: 'PUNKTY',
    });
    const rows = { currency: 'PLN', minimums: { 0: { unit: 'JPY', amountMinor: '900' } }, amountMinor: '9' };
    expect(form(rows, { 'minimums.*.amountMinor': 'money', ...kinds })).toEqual({
      currency: 'PLN',
      minimums: [{ unit: 'JPY', amountMinor: 900 }],
      amountMinor: 900,
    });
  });

  it('leaves what it cannot read to the validation', () => {
    const kinds = { amountMinor: 'money', capBps: 'percent', holdingDays: 'integer', levels: 'json' } as const;
    const unreadable = { amountMinor: '1,23,4', capBps: 'wiele', holdingDays: '1.5', levels: '[{' };
    expect(form(unreadable, kinds)).toEqual(unreadable);
  });

  it('[Q15] refuses a number that may be a thousand times another, and names the field', () => {
    const ambiguous = { code: 'AMOUNT_AMBIGUOUS', params: expect.objectContaining({ field: 'levels.0.rateBps' }) };
    const read = () => form({ levels: { 0: { rateBps: '1.250' } } }, { 'levels.*.rateBps': 'percent' });
    expect(read).toThrow(expect.objectContaining(ambiguous));
  });

  it('reads percentages as basis points', () => {
    expect(form({ capBps: '12,5%' }, { capBps: 'percent' })).toEqual({ capBps: 1250 });
  });

  it('reads lines as a list', () => {
    const kinds = { 'conditions.products': 'lines' } as const;
    expect(form({ conditions: { products: ' A \r\n\r\nB', contractKinds: '' } }, kinds)).toEqual({
      conditions: { products: ['A', 'B'] },
    });
  });

  it('takes an empty field as not given and an unticked box as false', () => {
    expect(form({ note: ' ', reason: 'x' }, { requireAcceptance: 'boolean' })).toEqual({
      reason: 'x',
      requireAcceptance: false,
    });
    expect(form({ requireAcceptance: 'on' }, { requireAcceptance: 'boolean' })).toEqual({ requireAcceptance: true });
  });

  it('reads numbered fields as a list, without its empty rows, and knows the place of each', () => {
    const levels = { 0: { rateBps: '5' }, 1: { rateBps: '' }, 2: { rateBps: '1,25' } };
    const kinds = { 'levels.*.level': 'position', 'levels.*.rateBps': 'percent' } as const;
    expect(form({ levels }, kinds)).toEqual({
      levels: [
        { level: 0, rateBps: 500 },
        { level: 2, rateBps: 125 },
      ],
    });
    expect(form({ 0: { status: 'signed', action: 'accrue' } })).toEqual([{ status: 'signed', action: 'accrue' }]);
  });

  it('reads a day as the whole day in the time zone of the program, and today as from now on', () => {
    const kinds = { from: 'fromDay', to: 'untilDay', effectiveFrom: 'effectiveDay' } as const;
    expect(form({ from: '2026-03-01', to: '2026-03-29', effectiveFrom: '2026-03-31' }, kinds)).toEqual({
      from: '2026-02-28T23:00:00.000Z',
      to: '2026-03-29T22:00:00.000Z',
      effectiveFrom: '2026-03-30T22:00:00.000Z',
    });
    expect(form({ effectiveFrom: '2026-03-30' }, kinds)).toEqual({});
    expect(form({ effectiveFrom: '2026-03-29' }, kinds)).toEqual({ effectiveFrom: '2026-03-28T23:00:00.000Z' });
    const moments = { from: '2026-03-01T12:00:00Z', to: 'kiedyś' };
    expect(form(moments, kinds)).toEqual(moments);
  });

  it('stands for an empty body where nothing was sent', () => {
    expect(readForm(undefined, {}, polish)).toBeUndefined();
    expect(form({})).toEqual({});
  });
});

it('reads an amount that a person put into a filter, and leaves minor units alone', () => {
  const kinds = { amountMinor: 'money' } as const;
  expect(readFilters({ amount: '1 000,50' }, kinds, polish)).toMatchObject({ amountMinor: 100050 });
  expect(readFilters({ amountMinor: '100050' }, kinds, polish)).toEqual({ amountMinor: '100050' });
});

it('reads the days of a filter, and leaves moments alone', () => {
  const kinds = { from: 'fromDay', to: 'untilDay', effectiveAt: 'effectiveDay' } as const;
  const query = { from: '2026-03-29', to: '2026-03-29', effectiveAt: '2026-03-30', kind: 'payout' };
  expect(readFilters(query, kinds, polish)).toEqual({
    from: '2026-03-28T23:00:00.000Z',
    to: '2026-03-29T22:00:00.000Z',
    kind: 'payout',
  });
  expect(readFilters({ to: '2026-03-29T00:00:00Z' }, kinds, polish)).toEqual({ to: '2026-03-29T00:00:00Z' });
});
