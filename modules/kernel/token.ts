import { createHash, randomBytes } from 'node:crypto';

/** Letters and digits that cannot be taken for one another when read aloud or typed from paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A code for a link that people copy and type: 12 characters, about 59 bits. Not a secret. */
export function linkCode(): string {
  return Array.from(randomBytes(12), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** A secret for a link that only its receiver may open: 256 bits. What is stored is its {@link secretHash}. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a secret, and looked for by. A text that cannot be one of ours has a hash that nothing has. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret.slice(0, 100)).digest('hex');
}
