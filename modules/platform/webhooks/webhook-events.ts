/** What one can listen to. */
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
