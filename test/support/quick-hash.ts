import { hashSync } from '@node-rs/argon2';

/** A hash that is checked in no time: argon2 reads from the hash itself how much work it is. Proves nothing of passwords. */
export function quickHash(password: string): string {
  return hashSync(password, { memoryCost: 8, timeCost: 1, parallelism: 1 });
}
