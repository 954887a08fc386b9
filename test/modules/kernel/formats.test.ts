import fc from 'fast-check';
import { formatAmount, formatExactMoney, formatMoney, formatRate } from '../../../modules/kernel/formats';
import { type Locale, LOCALES } from '../../../modules/kernel/locale';
import { parseAmount } from '../../../modules/kernel/money';
import { isoUnit, type Unit } from '../../../modules/kernel/units';
import { Messages } from '../../../modules/platform/web/pages/messages.service';
import { knownProgram, PUNKTY } from '../../support/known-program';

const unit = (code: string) => isoUnit(code)!;
const points: Unit = { isMoney: false, worth: null, ...PUNKTY };
const spaced = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

it('[Q5] [Q11] writes money as each language does, with thousands always grouped', () => {
  expect(LOCALES.map((locale) => spaced(formatMoney(locale, 123456, unit('PLN'))))).toEqual([
    '1 234,56 zł',
    'PLN 1.234,56',
    'PLN 1,234.56',
  ]);
  expect(spaced(formatMoney('pl', 5000, unit('JPY'), true))).toBe('+5 000 JPY');
  expect(spaced(formatMoney('pl', -7, unit('PLN'), true))).toBe('-0,07 zł');
});

it('[Q5] [Q11] writes a unit of the program by its own names, with the plural of the language', () => {
  const written = (locale: Locale, ...amounts: number[]) =>
    amounts.map((amount) => spaced(formatMoney(locale, amount, points)));
  expect(written('pl', 0, 1, 2, 5, 22, -1, 1250)).toEqual([
    '0 punktów',
    '1 punkt',
    '2 punkty',
    '5 punktów',
    '22 punkty',
    '-1 punkt',
    '1 250 punktów',
  ]);
  expect(written('pt-BR', 0, 1, 12, 1250, 1_000_000)).toEqual([
    '0 ponto',
    '1 ponto',
    '12 pontos',
    '1.250 pontos',
    '1.000.000 pontos',
  ]);
  expect(written('en', 0, 1, 1250)).toEqual(['0 points', '1 point', '1,250 points']);
  expect(spaced(formatMoney('pl', 5, points, true))).toBe('+5 punktów');
  expect(spaced(formatMoney('pl', 125, { ...points, digits: 2 }))).toBe('1,25 punktu');
  expect(spaced(formatExactMoney('pl', 3, points, 2_500))).toBe('3,25 punktu');
});

it('[Q5] writes every safe amount exactly: what is read back is what was written', () => {
  const amounts = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
  fc.assert(
    fc.property(
      amounts,
      fc.constantFrom('PLN', 'JPY', 'KWD'),
      fc.constantFrom(...LOCALES),
      (amountMinor, currency, locale) => {
        const { digits } = unit(currency);
        const read = parseAmount(formatAmount(locale, amountMinor, unit(currency)), digits, locale);
        expect(read).toBe(amountMinor);
      },
    ),
  );
});

it('writes basis points as percent', () => {
  expect(spaced(formatRate('pl', 1250))).toBe('12,5%');
  expect(formatRate('en', 1)).toBe('0.01%');
});

describe('[Q11] messages', () => {
  let messages: Messages;
  beforeAll(async () => {
    messages = new Messages(await knownProgram());
  });

  it('use the plural form of the language', () => {
    const said = [0, 1, 2, 5, 22, 1.5].map((count) => messages.text('pl', 'count.partners', { count }));
    expect(said).toEqual(['0 partnerów', '1 partner', '2 partnerzy', '5 partnerów', '22 partnerzy', '1,5 partnera']);
    expect(messages.text('pt-BR', 'count.partners', { count: 0 })).toBe('0 parceiro');
  });

  it('write the money and dates they are given in the habit of the language', () => {
    const params = { amount: { amountMinor: 50000, currency: 'PLN' }, date: new Date('2026-03-14T12:00:00Z') };
    expect(spaced(messages.text('pl', 'withdrawal.pending_exists', params))).toBe(
      'Masz już wniosek na 500,00 zł z 14 mar 2026. Kolejny złożysz po jego realizacji.',
    );
  });

  it('[F75] never read a parameter as a template', () => {
    const name = '{name} $t(nav.program) {{x}}';
    expect(messages.text('en', 'register.invited_by', { name })).toBe(`${name} invited you`);
  });

  it('complain of a text or parameter that is not there', () => {
    expect(() => messages.text('en', 'no.such.text')).toThrow('no.such.text');
    expect(() => messages.text('en', 'register.invited_by')).toThrow('name');
  });
});
