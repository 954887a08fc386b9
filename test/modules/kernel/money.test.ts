import fc from 'fast-check';
import { AMBIGUOUS, parseAmount, readAmount } from '../../../modules/kernel/money';
import { LOCALES } from '../../../modules/kernel/locale';

const EVERYWHERE = Object.fromEntries(LOCALES.map((locale) => [locale, locale]));

describe('[Q15] a number that a person typed', () => {
  it.each<[typed: string, minor: number | null]>([
    ['12.50', 12_50],
    ['12,50', 12_50],
    ['7.99', 7_99],
    ['7,9', 7_90],
    ['12', 12_00],
    ['1 234,5', 1_234_50],
    ['1 234.50', 1_234_50],
    ['1\u00a0234,50', 1_234_50],
    ['1\u202f234\u202f567,05', 1_234_567_05],
    ["1'234.50", 1_234_50],
    ['1.234,50', 1_234_50],
    ['1,234.50', 1_234_50],
    ['1.234.567,8', 1_234_567_80],
    ['1,234,567.8', 1_234_567_80],
    ['1.234.567', 1_234_567_00],
    ['1,234,567', 1_234_567_00],
    ['0.5', 50],
    ['0,05', 5],
    ['-12,50', -12_50],
    ['−12.50', -12_50],
    ['+3', 3_00],
    ['1234567,89', 1_234_567_89],
    ['12.345,6', 12_345_60],
    ['0.250', null],
    ['12,505', AMBIGUOUS as never],
    ['12.5000', null],
    ['1234.567', null],
    ['1.23.456', null],
    ['1,23,456', null],
    ['1.234,567.8', null],
    ['1,234.567,8', null],
    ['12..5', null],
    ['12.', null],
    ['.5', null],
    ['1 23', null],
    ['1 2345', null],
    ['12zł', null],
    ['1e5', null],
    ['', null],
    ['--5', null],
    ['٣', null],
  ])('%j is the same in every language', (typed, minor) => {
    const read = Object.fromEntries(LOCALES.map((locale) => [locale, readAmount(typed, 2, locale)]));
    if (minor === (AMBIGUOUS as never)) expect(Object.values(read)).toContain(AMBIGUOUS);
    else expect(read).toEqual(Object.fromEntries(Object.keys(EVERYWHERE).map((locale) => [locale, minor])));
  });

  it.each([
    ['1.250', { pl: AMBIGUOUS, 'pt-BR': 1_250_00, en: AMBIGUOUS }],
    ['1,250', { pl: AMBIGUOUS, 'pt-BR': AMBIGUOUS, en: 1_250_00 }],
    ['12,505', { pl: AMBIGUOUS, 'pt-BR': AMBIGUOUS, en: 12_505_00 }],
    ['999.999', { pl: AMBIGUOUS, 'pt-BR': 999_999_00, en: AMBIGUOUS }],
  ])('%j is what the language means by it, or nobody can tell', (typed, expected) => {
    for (const locale of LOCALES) expect([locale, readAmount(typed, 2, locale)]).toEqual([locale, expected[locale]]);
    expect(parseAmount(typed, 2, 'pl')).toBeNull();
  });

  it('is in a unit of three decimals what its own sign says', () => {
    expect(readAmount('1.500', 3, 'en')).toBe(1_500);
    expect(readAmount('1,500', 3, 'en')).toBe(AMBIGUOUS);
    expect(readAmount('1,500', 3, 'pl')).toBe(1_500);
    expect(readAmount('1.500', 3, 'pt-BR')).toBe(AMBIGUOUS);
    expect(readAmount('1500', 0, 'pl')).toBe(1_500);
    expect(readAmount('1500,5', 0, 'pl')).toBeNull();
  });

  it('is never read ten, a hundred or a thousand times too big, whichever signs it was written with', () => {
    const written = fc.tuple(
      fc.nat(999_999_999),
      fc.constantFrom('.', ','),
      fc.constantFrom('', ' ', '\u00a0', '.', ','),
      fc.boolean(),
      fc.constantFrom(...LOCALES),
    );
    fc.assert(
      fc.property(written, ([minor, decimal, group, withDecimals, locale]) => {
        if (group === decimal) return;
        const [whole, cents] = [Math.floor(minor / 100), minor % 100];
        const text = String(whole).replaceAll(/\B(?=(\d{3})+$)/g, group);
        const typed = withDecimals ? `${text}${decimal}${String(cents).padStart(2, '0')}` : text;
        const read = readAmount(typed, 2, locale);
        expect([withDecimals ? minor : whole * 100, AMBIGUOUS]).toContain(read);
      }),
      { numRuns: 3_000 },
    );
  });
});
