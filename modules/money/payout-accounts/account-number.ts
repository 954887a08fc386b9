export const PIX_KINDS = ['cpf', 'cnpj', 'email', 'phone', 'random'] as const;
export type PixKind = (typeof PIX_KINDS)[number];

/** Where money is to be paid. */
export interface PayoutTarget {
  readonly kind: 'iban' | 'pix';
  readonly value: string;
  readonly pixKind: PixKind | null;
  readonly holder: string;
}

/** Blanks of every kind, as pages of banks and tables have them. */
const BLANKS = /[\s\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]+/g;

/**
 * An account number as people write it: with or without blanks, dashes and the word IBAN; the 26 digits that every Polish
 * bank prints are the Polish IBAN.
 *
 * @returns the letters and digits of the IBAN; whether banks take it, its check digits say
 */
export function ibanOf(text: string): string {
  const written = text
    .replaceAll(BLANKS, '')
    .replace(/^IBAN[:.]?/i, '')
    .replaceAll(/[-.]/g, '')
    .toUpperCase();
  return /^\d{26}$/.test(written) ? `PL${written}` : written;
}

/** The target as anybody may read it: enough to be recognised, too little to be used. */
export function maskedTarget({ kind, value, pixKind, holder }: PayoutTarget) {
  return { kind, pixKind, holder, value: masked(value) };
}

function masked(value: string): string {
  const at = value.lastIndexOf('@');
  if (at > 0) return `${value.slice(0, 1)}•••${value.slice(at)}`;
  return value.length < 15
    ? `${value.slice(0, 2)}•••${value.slice(-2)}`
    : `${value.slice(0, 4)} •••• ${value.slice(-4)}`;
}

/**
 * A PIX key as banks take it, without punctuation.
 *
 * @returns null when it cannot be one: wrong form, wrong check digits
 */
export function pixKey(kind: PixKind, text: string): string | null {
  const value = text.replaceAll(BLANKS, ' ').trim();
  switch (kind) {
    case 'cpf':
      return taxNumber(value, /^\d{11}$/, 11);
    case 'cnpj':
      return taxNumber(value, /^[0-9A-Z]{12}\d{2}$/, 9);
    case 'email':
      return value.length <= 77 && /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(value) ? value.toLowerCase() : null;
    case 'phone': {
      // Written as in Brazil, it has neither the plus nor the country: two digits of the area, then eight or nine.
      const digits = value.replace(/[\s().-]/g, '').replace(/^(?:(?:\+|00)?55|0)?(?=[1-9]\d{9,10}$)/, '+55');
      return /^\+55[1-9]\d{9,10}$/.test(digits) ? digits : null;
    }
    case 'random': {
      const lower = value
        .replace(/^\{(.*)\}$/, '$1')
        .trim()
        .toLowerCase();
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(lower) ? lower : null;
    }
  }
}

/**
 * CPF and CNPJ end in two check digits modulo 11 over everything before them; a letter of the newer CNPJ counts as
 * its ASCII code less 48, which leaves digits what they are. Weights rise from the right: 2 to `maxWeight`, and again.
 */
function taxNumber(text: string, form: RegExp, maxWeight: number): string | null {
  const value = text.replace(/[\s./-]/g, '').toUpperCase();
  if (!form.test(value) || /^(.)\1*$/.test(value)) return null;
  const body = value.slice(0, -2);
  const first = checkDigit(body, maxWeight);
  return value === `${body}${first}${checkDigit(`${body}${first}`, maxWeight)}` ? value : null;
}

function checkDigit(text: string, maxWeight: number): number {
  const weigh = (sum: number, character: string, index: number) =>
    sum + (character.charCodeAt(0) - 48) * (2 + (index % (maxWeight - 1)));
  const rest = [...text].reverse().reduce(weigh, 0) % 11;
  return rest < 2 ? 0 : 11 - rest;
}
