import fc from 'fast-check';
import { parseAmount } from '../../../modules/kernel/money';
import { LOCALES } from '../../../modules/kernel/locale';
import { formatAmount, formatMoney, formatRate } from '../../../modules/web/pages/formats';
import { Messages } from '../../../modules/web/pages/messages.service';

const spaced = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

it('[Q5] [Q11] writes money as each language does, with thousands always grouped', () => {
  const money = { amountMinor: 123456, currency: 'PLN' };
  expect(LOCALES.map((locale) => spaced(formatMoney(locale, money)))).toEqual([
    '1 234,56 zł',
    'PLN 1.234,56',
    'PLN 1,234.56',
  ]);
  expect(spaced(formatMoney('pl', { amountMinor: 5000, currency: 'JPY' }, true))).toBe('+5 000 JPY');
  expect(spaced(formatMoney('pl', { amountMinor: -7, currency: 'PLN' }, true))).toBe('-0,07 zł');
});

it('[Q5] writes every safe amount exactly: what is read back is what was written', () => {
  const amounts = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
  fc.assert(
    fc.property(
      amounts,
      fc.constantFrom('PLN', 'JPY', 'KWD'),
      fc.constantFrom(...LOCALES),
      (amountMinor, currency, locale) => {
        const read = parseAmount(formatAmount(locale, { amountMinor, currency }), currency, locale);
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
  const messages = new Messages({});

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
