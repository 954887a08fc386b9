import { randomBytes } from 'node:crypto';

/** Letters and digits that cannot be taken for one another when read aloud or typed from paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A code for a link that people copy and type: 12 characters, about 59 bits. Not a secret. */
export function linkCode(): string {
  return Array.from(randomBytes(12), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
