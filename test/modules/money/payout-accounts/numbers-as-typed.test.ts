import { ibanOf, pixKey } from '../../../../modules/money/payout-accounts/account-number';

describe('[Q15] an account number as people have it', () => {
  const IBAN = 'PL61109010140000071219812874';
  it.each([
    'PL61109010140000071219812874',
    'PL61 1090 1014 0000 0712 1981 2874',
    'pl61-1090-1014-0000-0712-1981-2874',
    '61 1090 1014 0000 0712 1981 2874',
    '61109010140000071219812874',
    'IBAN PL61 1090 1014 0000 0712 1981 2874',
    'iban: 61 1090 1014 0000 0712 1981 2874',
    'PL61\u00a01090\u00a01014\u202f0000\u20090712 1981\u200b2874',
    '\ufeffPL61109010140000071219812874 ',
  ])('%j is the Polish IBAN', (text) => expect(ibanOf(text)).toBe(IBAN));

  it('stays what it is where it is none', () => {
    expect(ibanOf('DE89 3704 0044 0532 0130 00')).toBe('DE89370400440532013000');
    expect(ibanOf('1234')).toBe('1234');
  });

  it.each([
    ['phone', '(11) 98765-4321', '+5511987654321'],
    ['phone', '11 98765 4321', '+5511987654321'],
    ['phone', '011 98765-4321', '+5511987654321'],
    ['phone', '55 11 98765-4321', '+5511987654321'],
    ['phone', '+55 (11) 98765-4321', '+5511987654321'],
    ['phone', '0055 11 98765 4321', '+5511987654321'],
    ['phone', '55 3232-1234', '+555532321234'],
    ['phone', '98765-4321', null],
    ['phone', '+48 600 100 200', null],
    ['random', '{123E4567-e89b-12d3-a456-426655440000}', '123e4567-e89b-12d3-a456-426655440000'],
    ['cpf', '529.982.247\u201125'.replace('\u2011', '-'), '52998224725'],
  ] as const)('the PIX key %s %j is %s', (kind, text, key) => expect(pixKey(kind, text)).toBe(key));
});
