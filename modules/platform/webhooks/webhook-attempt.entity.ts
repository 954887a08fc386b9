import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { WebhookDelivery } from './webhook-delivery.entity';

/** One attempt to deliver an event to an endpoint, and what came of it. */
@Entity({ schema: 'partner_program', name: 'webhook_attempt' })
@Check('webhook_attempt_counted', 'number > 0 and duration_ms >= 0')
@Check('webhook_attempt_answer_short', 'length(answer) <= 500')
export class WebhookAttempt {
  @ForeignKey(() => WebhookDelivery, { name: 'webhook_attempt_delivery_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn('bigint', { name: 'delivery_id', primaryKeyConstraintName: 'webhook_attempt_pkey' })
  deliveryId: string;
  /** From 1, over all rounds. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'webhook_attempt_pkey' }) number: number;
  @Column({ type: 'timestamptz', name: 'attempted_at', precision: 3, default: () => 'partner_program.now_ms()' })
  attemptedAt: Date;
  @Column('integer', { name: 'duration_ms' }) durationMs: number;
  /** Null where nobody answered; `answer` then says why. */
  @Column('integer', { name: 'response_status', nullable: true }) responseStatus: number | null;
  /** The first bytes of it. */
  @Column('text') answer: string;
}
