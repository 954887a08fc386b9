import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { JobsService } from '../jobs/jobs.service';
import type { WebhookEventType } from './webhook-events';
import { isListenedTo, reportEvents } from './webhooks.queries';

/** What an event says, as its receiver reads it. */
export type WebhookFacts = Readonly<Record<string, unknown>>;

/** Where the rooms of the program report what other systems may listen to. */
@Injectable()
export class WebhookReports {
  constructor(private readonly jobs: JobsService) {}

  /** In the transaction in which it happens: an event is delivered when that commits, and never otherwise. */
  async report(
    tx: EntityManager,
    type: WebhookEventType,
    occurredAt: Date,
    ...facts: readonly WebhookFacts[]
  ): Promise<void> {
    if (facts.length === 0) return;
    await reportEvents(tx, type, occurredAt, facts);
    this.jobs.wakeAfter(tx);
  }

  /** For facts that are dear to put together. */
  isListenedTo(tx: EntityManager, ...types: readonly WebhookEventType[]): Promise<boolean> {
    return isListenedTo(tx, types);
  }
}
