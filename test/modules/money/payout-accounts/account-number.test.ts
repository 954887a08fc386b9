import fc from 'fast-check';
import { maskedTarget, pixKey, type PixKind } from '../../../../modules/money/payout-accounts/account-number';

const good: [PixKind, string, string][] = [
  ['cpf', '529.982.247-25', '52998224725'],
  ['cpf', '11144477735', '11144477735'],
  ['cnpj', '11.222.333/0001-81', '11222333000181'],
  ['cnpj', '12.ABC.345/01DE-35', '12ABC34501DE35'],
  ['email', ' Maria@Exemplo.com.br ', 'maria@exemplo.com.br'],
  ['phone', '+55 (11) 98765-4321', '+5511987654321'],
  ['random', '123E4567-E89B-12D3-A456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
];

describe('a PIX key', () => {
  it.each(good)('of kind %s is taken: %s', (kind, text, key) => expect(pixKey(kind, text)).toBe(key));

  it.each<[PixKind, string]>([
    ['cpf', '529.982.247-26'],
    ['cpf', '111.111.111-11'],
    ['cpf', '5299822472'],
    ['cnpj', '11.222.333/0001-82'],
    ['cnpj', '12.ABC.345/01DE-36'],
    ['cnpj', '00000000000000'],
    ['email', 'maria@exemplo'],
    ['email', `${'m'.repeat(70)}@exemplo.com`],
    ['phone', '+48123456789'],
    ['random', '123e4567e89b12d3a456426614174000'],
    ['random', ''],
  ])('of kind %s is refused: %s', (kind, text) => expect(pixKey(kind, text)).toBeNull());

  it('notices any one wrong digit of a CPF', () => {
    const cpf = '52998224725';
    fc.assert(
      fc.property(fc.nat({ max: 10 }), fc.nat({ max: 9 }), (place, digit) => {
        const changed = cpf.slice(0, place) + String(digit) + cpf.slice(place + 1);
        expect(pixKey('cpf', changed)).toBe(changed === cpf ? cpf : null);
      }),
    );
  });
});

it('[F49] shows no more of a number than is needed to recognise it', () => {
  const value = (text: string) => maskedTarget({ kind: 'pix', pixKind: 'cpf', value: text, holder: 'Jan' }).value;
  expect(value('PL61109010140000071219812874')).toBe('PL61 •••• 2874');
  expect(value('52998224725')).toBe('52•••25');
  expect(value('maria@exemplo.com.br')).toBe('m•••@exemplo.com.br');
});
