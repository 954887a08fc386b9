import type { Money } from '../../kernel/money';

/** What partners are notified of, in the order in which they choose. @see S14 */
export const NOTIFICATION_KINDS = ['commission', 'withdrawal', 'newPartner', 'terms'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** A notification with what it is about, as that stands now. */
export interface NotificationFacts {
  readonly id: string;
  readonly partnerId: string;
  readonly kind: NotificationKind;
  readonly about: string;
  readonly at: Date;
  /** Of commissions by currency, of a withdrawal the one amount. */
  readonly amounts: readonly Money[] | null;
  readonly contracts: number | null;
  /** Of a withdrawal: how it ended, and why it was rejected. */
  readonly outcome: 'paid' | 'rejected' | null;
  readonly reason: string | null;
  /** The new partner, or the title of the terms. */
  readonly name: string | null;
}
