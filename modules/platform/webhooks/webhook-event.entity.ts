import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Something that happened, as it is delivered; its id is the `webhook-id` of every attempt. */
@Entity({ schema: 'partner_program', name: 'webhook_event' })
@Index('webhook_event_by_time', ['occurredAt'])
export class WebhookEvent {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_event_pkey' }) id: string;
  @Column('text') type: string;
  @Column({ type: 'timestamptz', name: 'occurred_at', precision: 3 }) occurredAt: Date;
  @Column('jsonb') data: Readonly<Record<string, unknown>>;
}
