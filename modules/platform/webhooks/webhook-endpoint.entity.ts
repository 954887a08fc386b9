import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { WebhookEventType } from './webhook-events';

export type DisabledReason = 'failing' | 'gone';

/** Who listens to what, under which secret. */
@Entity({ schema: 'partner_program', name: 'webhook_endpoint' })
@Check('webhook_endpoint_url', `url ~ '^https?://' and length(url) <= 2000`)
@Check(
  'webhook_endpoint_events_known',
  `cardinality(events) > 0 and events <@ array['commission.posted', 'commission.reversed', 'withdrawal.requested',
   'withdrawal.paid', 'withdrawal.rejected', 'partner.joined', 'partner.moved', 'terms.published']`,
)
@Check('webhook_endpoint_secret_form', `secret ~ '^whsec_[A-Za-z0-9+/=]{32,}$'`)
@Check('webhook_endpoint_secret_until_removed', '(secret is null) = (removed_at is not null)')
@Check('webhook_endpoint_previous', '(previous_secret is null) = (previous_until is null)')
@Check('webhook_endpoint_disabled_reason_known', `disabled_reason in ('failing', 'gone')`)
@Check('webhook_endpoint_disabled', '(disabled_at is null) = (disabled_reason is null)')
@Check('webhook_endpoint_active', 'not active or num_nonnulls(disabled_at, removed_at) = 0')
export class WebhookEndpoint {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_endpoint_pkey' }) id: string;
  @Column('text') url: string;
  @Column('text', { array: true }) events: WebhookEventType[];
  @Column('boolean', { default: true }) active: boolean;
  /** Shown once; kept as it is, because it is what the program signs with. */
  @Column('text', { nullable: true, select: false }) secret: string | null;
  @Column('text', { name: 'previous_secret', nullable: true, select: false }) previousSecret: string | null;
  /** Until when the secret before the last rotation signs as well. */
  @Column({ type: 'timestamptz', name: 'previous_until', precision: 3, nullable: true }) previousUntil: Date | null;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'partner_program.now_ms()' })
  createdAt: Date;
  @Column('text', { name: 'created_by', select: false }) createdBy: string;
  @Column('text', { name: 'created_by_name' }) createdByName: string;
  /** The last time that something came through. */
  @Column({ type: 'timestamptz', name: 'delivered_at', precision: 3, nullable: true }) deliveredAt: Date | null;
  /** When the program gave up on it. */
  @Column({ type: 'timestamptz', name: 'disabled_at', precision: 3, nullable: true }) disabledAt: Date | null;
  /** Nothing came through for days, or it said itself that it is there no more. */
  @Column('text', { name: 'disabled_reason', nullable: true }) disabledReason: DisabledReason | null;
  @Column({ type: 'timestamptz', name: 'removed_at', precision: 3, nullable: true, select: false })
  removedAt: Date | null;
}
