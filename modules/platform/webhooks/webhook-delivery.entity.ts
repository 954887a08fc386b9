import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { WebhookEndpoint } from './webhook-endpoint.entity';
import { WebhookEvent } from './webhook-event.entity';

/** How one event is delivered to one endpoint. */
@Entity({ schema: 'partner_program', name: 'webhook_delivery' })
@Unique('webhook_delivery_once', ['eventId', 'endpointId'])
@Index('webhook_delivery_of_endpoint', ['endpointId', 'id'])
@Index('webhook_delivery_failed', ['endpointId'], { where: `status = 'failed'` })
@Check('webhook_delivery_status_known', `status in ('waiting', 'delivered', 'failed')`)
@Check('webhook_delivery_next', `(next_attempt_at is not null) = (status = 'waiting')`)
@Check('webhook_delivery_rounds', 'attempts_before between 0 and attempts')
export class WebhookDelivery {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'webhook_delivery_pkey' }) id: string;
  @ForeignKey(() => WebhookEvent, { name: 'webhook_delivery_event_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'event_id' })
  eventId: string;
  @ForeignKey(() => WebhookEndpoint, { name: 'webhook_delivery_endpoint_fkey' })
  @Column('uuid', { name: 'endpoint_id' })
  endpointId: string;
  @Column('text', { default: 'waiting' }) status: 'waiting' | 'delivered' | 'failed';
  @Column('integer', { default: 0 }) attempts: number;
  /** Those of earlier rounds: a replay begins a new one. */
  @Column('integer', { name: 'attempts_before', default: 0 }) attemptsBefore: number;
  /** When the present round began. */
  @Column({ type: 'timestamptz', name: 'queued_at', precision: 3, default: () => 'partner_program.now_ms()' })
  queuedAt: Date;
  /** A trigger makes the job of the attempt. */
  @Column({
    type: 'timestamptz',
    name: 'next_attempt_at',
    precision: 3,
    nullable: true,
    default: () => 'partner_program.now_ms()',
  })
  nextAttemptAt: Date | null;
}
