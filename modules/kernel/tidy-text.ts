/**
 * A name as it is compared: composed letters, one plain blank where there are any, none at its ends. What a person typed, a
 * table of another system and a form of a browser then mean the same.
 *
 * @returns null for nothing but blanks
 */
export function tidyText(text: string): string | null {
  const tidy = text
    .normalize('NFC')
    .replaceAll(/[\s\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]+/g, ' ')
    .trim();
  return tidy === '' ? null : tidy;
}

/** The same without case and marks: what only looks alike is equal in it. */
export function foldedText(text: string): string {
  const letters = (tidyText(text) ?? '').normalize('NFKD').replaceAll(/\p{M}+/gu, '');
  return letters
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('đ', 'd')
    .replaceAll('ø', 'o')
    .replaceAll('ı', 'i')
    .replaceAll('ħ', 'h');
}
