import anyAscii from 'any-ascii';

/** Letters of European alphabets, and the signs that stand between them. */
const EUROPEAN = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{P}]/gu;

/** Where the rule book of European payments spells otherwise: EPC217-08, with Bulgarian in mind. */
const SPELT: Readonly<Record<string, string>> = { ъ: 'a', Ъ: 'A', ь: '', Ь: '', ʼ: '', '’': "'" };

/**
 * A text in the characters that every bank takes: unaccented latin letters, digits and a few signs. Letters of other
 * European alphabets are spelt with those; what nobody can spell so (Chinese, emoji) is left out, and `-` is what is left
 * of nothing.
 */
export function bankText(text: string, maxLength: number): string {
  const latin = text
    .normalize('NFC')
    .replace(EUROPEAN, (letter) => SPELT[letter] ?? anyAscii(letter))
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-zA-Z0-9/\-?:().,'+ ]/g, ' ')
    .replace(/^[/ ]+|\/(?=\/)/g, '')
    .replace(/ {2,}/g, ' ')
    .slice(0, maxLength)
    .replace(/(?<![/ ])[/ ]+$/, '');
  return latin === '' ? '-' : latin;
}

/** Whether a bank can read a name: something of it is left in the letters that every bank takes. */
export function isBankName(name: string): boolean {
  return /[a-z]/i.test(bankText(name, name.length));
}
