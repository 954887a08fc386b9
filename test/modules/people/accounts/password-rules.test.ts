import fc from 'fast-check';
import { maskedEmail } from '../../../../modules/people/accounts/masked-email';
import { COMMON_PASSWORDS } from '../../../../modules/people/accounts/passwords/common-passwords';
import { composed, passwordFault } from '../../../../modules/people/accounts/passwords/password-rules';
import { localPath } from '../../../../modules/people/accounts/sessions/local-path';

const owner = { email: 'anna.kowalska@firma.example', firstName: 'Anna', lastName: 'Kowalska-Lis' };
const faultOf = (password: string) => passwordFault(password, owner);

describe('[P9] a password', () => {
  it.each([
    'trzy zielone papugi',
    'zażółć gęślą jaźń',
    'ключ под ковриком',
    '正しい馬と電池のホチキス',
    'مفتاح تحت السجادة',
    '🐝🌻🍯🐻🌲🏔️🛶🎣',
    'vT9#kQ2!',
    '        a b c d e',
    'partner-program',
  ])('may be written in any script: %s', (password) => {
    expect([...password].length).toBeGreaterThanOrEqual(8);
    expect(faultOf(password)).toBeUndefined();
  });

  it('has 8 to 128 characters, as people count them', () => {
    const varied = (length: number) =>
      Array.from({ length }, (_, i) => String.fromCodePoint(0x1f400 + ((i * 7) % 61))).join('');
    expect([7, 8, 128, 129].map((length) => faultOf(varied(length)))).toEqual([
      'PASSWORD_TOO_SHORT',
      undefined,
      undefined,
      'PASSWORD_TOO_LONG',
    ]);
    // Seven letters do not become more by writing their accents apart.
    expect(faultOf('ąęźżóńś'.normalize('NFD'))).toBe('PASSWORD_TOO_SHORT');
    expect(faultOf('')).toBe('PASSWORD_TOO_SHORT');
  });

  it('is the same on every keyboard', () => {
    expect(composed('zażółć'.normalize('NFD'))).toBe(composed('zażółć'));
  });

  it.each([
    'password',
    'PASSWORD',
    'Passw0rd',
    'p@ssw0rd!',
    'password2026!',
    '12345678',
    '87654321',
    'qwertyuiop',
    'Qwertz123',
    'zaq12wsx',
    'haslo123',
    'Hasło123',
    'senha123',
    'polska12',
    'aaaaaaaa',
    'abababab',
    'abcabcabc',
    'abcdefgh',
    'hgfedcba',
    'asdfghjkl',
    'lkjhgfdsa',
    '11223344',
    '        ',
    'ｐａｓｓｗｏｒｄ',
    'iloveyou1',
    'xyzabcde',
  ])('is not one that everybody tries first: %s', (password) => {
    expect(faultOf(password)).toBe('PASSWORD_TOO_WEAK');
  });

  it.each([
    'anna.kowalska',
    'kowalska',
    'Kowalska2026',
    'annakowalska1',
    'ANNA.kowalska@firma.example',
    'kowalska-lis',
    '1kowalska!',
  ])('is not the own name or address: %s', (password) => expect(faultOf(password)).toBe('PASSWORD_TOO_WEAK'));

  it('may hold the own name in a sentence', () => {
    expect(faultOf('anna lubi zielone papugi')).toBeUndefined();
  });

  it('is compared with a list of its own kind', () => {
    expect(COMMON_PASSWORDS.size).toBeGreaterThan(1000);
    expect([...COMMON_PASSWORDS].filter((word) => word.length < 8 || word !== word.toLowerCase())).toEqual([]);
  });

  it('never makes the rules stumble', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect([undefined, 'PASSWORD_TOO_SHORT', 'PASSWORD_TOO_LONG', 'PASSWORD_TOO_WEAK']).toContain(faultOf(text));
      }),
    );
  });
});

it('shows of an address what its owner recognises', () => {
  expect(maskedEmail('ewa@firma.example')).toBe('e…@firma.example');
});

it('goes on to pages of this site only', () => {
  expect(localPath('/partner-program/partners?level=1')).toBe('/partner-program/partners?level=1');
  for (const foreign of [
    '//evil.example',
    '/\\evil.example',
    '\t//evil.example',
    'https:evil.example',
    'data:text/html,x',
    ['/a'],
    undefined,
  ]) {
    expect(localPath(foreign)).toBe('/partner-program');
  }
});
