import { DAY_MS } from '../../../kernel/day';

/**
 * So many days after leaving, the personal data goes: long enough to come back from a mistake and to ask for what was
 * forgotten, well within the month in which article 12 of the GDPR wants a wish fulfilled.
 */
export const ERASED_AFTER_DAYS = 14;

export function eraseDate(leftAt: Date): Date {
  return new Date(leftAt.getTime() + ERASED_AFTER_DAYS * DAY_MS);
}
