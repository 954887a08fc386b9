import fc from 'fast-check';
import { bankText, isBankName } from '../../../modules/kernel/bank-text';

describe('[P17] a text for banks', () => {
  it.each([
    ['Łucja Żółć-Gęśl', 'Lucja Zolc-Gesl'],
    ['Łucja Żółć'.normalize('NFD'), 'Lucja Zolc'],
    ['Олександр Шевченко', 'Oleksandr Shevchenko'],
    ['Юлія Їжакевич', 'Yuliya Izhakevich'],
    ['Йорданка Хълмова', 'Yordanka Khalmova'],
    ['Андрей Соловьёв'.normalize('NFD'), 'Andrey Solovev'],
    ['Ђорђе Љубичић', 'Djordje Ljubichic'],
    ['Αλέξανδρος Παπάς', 'Alexandros Papas'],
    ['Ψυχή Χατζής', 'Psychi Chatzis'],
    ['Þór Æðison', 'Thor Aedison'],
    ['Đặng Straße Œuvre', 'Dang Strasse Oeuvre'],
    ['Ğülşah ışık', 'Gulsah isik'],
    ['Ștefan Țăran', 'Stefan Taran'],
    ['Դավիթ', "Davit'"],
    ['Zoë 🌷 O’Neil', "Zoe O'Neil"],
    ['„Firma” – spółka', 'Firma - spolka'],
    ['王伟 Wang', 'Wang'],
  ])('spells %s', (text, spelt) => expect(bankText(text, 70)).toBe(spelt));

  it('is a name when a letter is left of it', () => {
    for (const name of ['Шевченко', 'Παπάς', 'Kos', '王 A']) expect([name, isBankName(name)]).toEqual([name, true]);
    for (const name of ['王伟', 'محمد العربي', 'דוד', '🌷', '---', '12', '']) {
      expect([name, isBankName(name)]).toEqual([name, false]);
    }
  });

  it('is written in the characters that every bank takes, whatever is in a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const text = bankText(name, 70);
        expect(text).toMatch(/^[a-zA-Z0-9?:().,'+-][a-zA-Z0-9/\-?:().,'+ ]{0,69}$/);
        expect(text).not.toMatch(/\/\/|\/$| $/);
      }),
      { numRuns: 2_000 },
    );
  });
});
