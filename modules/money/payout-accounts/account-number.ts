export const PIX_KINDS = ['cpf', 'cnpj', 'email', 'phone', 'random'] as const;
export type PixKind = (typeof PIX_KINDS)[number];

/** Where money is to be paid. */
export interface PayoutTarget {
  readonly kind: 'iban' | 'pix';
  readonly value: string;
  readonly pixKind: PixKind | null;
  readonly holder: string;
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
  const value = text.trim();
  switch (kind) {
    case 'cpf':
      return taxNumber(value, /^\d{11}$/, 11);
    case 'cnpj':
      return taxNumber(value, /^[0-9A-Z]{12}\d{2}$/, 9);
    case 'email':
      return value.length <= 77 && /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(value) ? value.toLowerCase() : null;
    case 'phone': {
      const digits = value.replace(/[\s().-]/g, '');
      return /^\+55[1-9]\d{9,10}$/.test(digits) ? digits : null;
    }
    case 'random': {
      const lower = value.toLowerCase();
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
