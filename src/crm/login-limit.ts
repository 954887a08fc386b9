const MAX_FAILURES = 10;
const FORGOTTEN_AFTER_MS = 15 * 60_000;
const REMEMBERED = 10_000;

/**
 * How many logins to an account failed from an address lately. Only both together count: a stranger who guesses locks
 * himself out, never the owner. Kept in memory: this is a toy CRM, and each of its processes counts for itself.
 */
export class LoginLimit {
  private readonly failures = new Map<string, { count: number; until: number }>();

  isReached(key: string, now = Date.now()): boolean {
    const { count, until } = this.failures.get(key) ?? { count: 0, until: 0 };
    return count >= MAX_FAILURES && until > now;
  }

  failed(key: string, now = Date.now()): void {
    const known = this.failures.get(key);
    const count = known && known.until > now ? known.count + 1 : 1;
    this.failures.delete(key); // to the end of the line: the longest untouched is forgotten first
    this.failures.set(key, { count, until: now + FORGOTTEN_AFTER_MS });
    for (const oldest of this.failures.keys()) if (this.failures.size > REMEMBERED) this.failures.delete(oldest);
  }

  succeeded(key: string): void {
    this.failures.delete(key);
  }
}
