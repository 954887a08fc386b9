/** What one can listen to; the triggers of the changed tables tell it under these names. */
export const WEBHOOK_EVENTS = [
  'commission.posted',
  'commission.reversed',
  'withdrawal.requested',
  'withdrawal.paid',
  'withdrawal.rejected',
  'partner.joined',
  'partner.moved',
  'terms.published',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENTS)[number];
