import { COMMON_PASSWORDS } from './common-passwords';

/** In characters as people count them: code points after composition. */
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;

export type PasswordFault = 'PASSWORD_TOO_SHORT' | 'PASSWORD_TOO_LONG' | 'PASSWORD_TOO_WEAK';

/** Whose password it is to be: nobody's name or address makes a good one. */
export interface PasswordOwner {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

const KEYBOARD_ROWS = ['1234567890', 'qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'zxcvbnm', 'yxcvbnm'];
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
/** How many letters must be left of a password without the names in it. */
const LEFT_OF_PERSONAL = 6;
/** What somebody types instead of a letter and believes to be clever. */
const DISGUISES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '@': 'a',
  $: 's',
};

/** The same passphrase typed on two keyboards is the same: letters and their accents are put together. */
export function composed(password: string): string {
  return password.normalize('NFC');
}

/**
 * What is wrong with a new password, if anything. Any script and any character is welcome; length is what counts, and
 * that nobody guesses it: no list of what must be in it.
 */
export function passwordFault(password: string, owner: PasswordOwner): PasswordFault | undefined {
  const length = [...composed(password)].length;
  if (length < PASSWORD_MIN) return 'PASSWORD_TOO_SHORT';
  if (length > PASSWORD_MAX) return 'PASSWORD_TOO_LONG';
  const plain = folded(password);
  return isCommon(plain) || isPattern(plain) || isPersonal(plain, owner) ? 'PASSWORD_TOO_WEAK' : undefined;
}

function isCommon(plain: string): boolean {
  const undisguised = [...plain].map((letter) => DISGUISES[letter] ?? letter).join('');
  const withoutEnds = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return [plain, undisguised, withoutEnds].some((candidate) => COMMON_PASSWORDS.has(candidate));
}

/** `aaaaaaaa`, `abababab`, `abcdefgh`, `87654321`, `asdfghjk`. */
function isPattern(plain: string): boolean {
  if (new Set(plain).size < 4 || /^(.{1,6}?)\1+.?$/su.test(plain)) return true;
  const lines = [...KEYBOARD_ROWS, ALPHABET, `0${KEYBOARD_ROWS[0]}`].flatMap((line) => [line, reversed(line)]);
  return lines.some((line) => line.repeat(2).includes(plain));
}

function isPersonal(plain: string, { email, firstName, lastName }: PasswordOwner): boolean {
  const address = folded(email);
  const words = [address, ...address.split(/[@.+_-]/), folded(firstName), ...folded(lastName).split(/[\s-]/)]
    .filter((word) => [...word].length >= 3)
    .sort((a, b) => b.length - a.length);
  const left = words.reduce((rest, word) => rest.replaceAll(word, ''), plain);
  return left !== plain && [...left].length < LEFT_OF_PERSONAL;
}

/** Without case, accents and look-alike widths, so that `HASŁO123` and `hasło123` are one. */
function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ł', 'l');
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}
