import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, IsNull } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { decodeCursor, sliceOf } from '../../kernel/cursor';
import type { Slice } from '../../kernel/cursor';
import { Refusal } from '../../kernel/refusal';
import { recordChange, attributeChanges } from '../audit/audit.queries';
import type { Change, Signature } from '../audit/audit.queries';
import { JobsService } from '../jobs/jobs.service';
import { OutboundRequests } from './outbound.service';
import { WebhookDelivery } from './webhook-delivery.entity';
import { WebhookEndpoint } from './webhook-endpoint.entity';
import type { WebhookEventType } from './webhook-events';
import {
  addTest,
  beginReplay,
  countFailed,
  endDeliveries,
  hostSigns,
  listDeliveries,
  rotateSecret,
} from './webhooks.queries';
import type { DeliveryRow, HostSigns } from './webhooks.queries';

export interface WantedEndpoint {
  readonly url: string;
  readonly events: readonly WebhookEventType[];
}

/** An endpoint as its table is read: without the secrets. */
export type ListedEndpoint = Omit<WebhookEndpoint, 'secret' | 'previousSecret' | 'createdBy' | 'removedAt'>;

/** The one answer that holds the secret. */
export interface RevealedSecret {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
}

/** How the program and its host get on with each other. */
export interface HostState extends HostSigns {
  /** Changes that wait to be calculated, and how long the oldest of them has been due. */
  readonly waiting: number;
  readonly lagSeconds: number;
  readonly deadJobs: number;
}

/** As the specification wants it: between 24 and 64 bytes. */
const SECRET_BYTES = 32;

/** Who listens: other systems of the house that want to hear what happened instead of asking again and again. */
@Injectable()
export class WebhooksService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly outbound: OutboundRequests,
  ) {}

  /** In the order in which they were added. */
  list(): Promise<ListedEndpoint[]> {
    return this.db.manager.find(WebhookEndpoint, {
      where: { removedAt: IsNull() },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  /** @throws Refusal NOT_FOUND */
  get(id: string, tx: EntityManager = this.db.manager): Promise<ListedEndpoint> {
    return found(tx.findOneBy(WebhookEndpoint, { id, removedAt: IsNull() }));
  }

  /** @throws Refusal WEBHOOK_URL_REFUSED */
  async add({ url, events }: WantedEndpoint, by: Signature): Promise<RevealedSecret> {
    const { href } = this.outbound.check(url);
    const [id, secret] = [uuidv7(), newSigningSecret()];
    await this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      const author = { createdBy: by.ref, createdByName: by.name };
      await tx.insert(WebhookEndpoint, { id, url: href, events: unique(events), secret, ...author });
    });
    return { id, url: href, secret };
  }

  /**
   * What happened while an endpoint was not active is not delivered later. One that the program gave up on begins anew.
   * @throws Refusal NOT_FOUND, WEBHOOK_URL_REFUSED
   */
  change(id: string, changes: Partial<WantedEndpoint & { active: boolean }>, by: Signature): Promise<ListedEndpoint> {
    const { url, events, active } = changes;
    const wanted = {
      ...(url !== undefined && { url: this.outbound.check(url).href }),
      ...(events !== undefined && { events: unique(events) }),
      ...(active !== undefined && { active, ...(active && { disabledAt: null, disabledReason: null }) }),
    };
    return this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      const current = await this.get(id, tx);
      if (Object.keys(wanted).length === 0) return current;
      await tx.update(WebhookEndpoint, { id, removedAt: IsNull() }, wanted);
      if (active === false) await endDeliveries(tx, id);
      return this.get(id, tx);
    });
  }

  /** For a day both secrets sign, so that the receiver can change over in between. @throws Refusal NOT_FOUND */
  rotate(id: string, by: Signature): Promise<RevealedSecret> {
    return this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      const secret = newSigningSecret();
      if (!(await rotateSecret(tx, id, secret))) throw new Refusal('NOT_FOUND');
      return { id, url: (await this.get(id, tx)).url, secret };
    });
  }

  /** It is sent nothing more; the secrets are forgotten, what was delivered stays for a while. @throws Refusal NOT_FOUND */
  remove(id: string, by: Signature): Promise<void> {
    return this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      const forgotten = { secret: null, previousSecret: null, previousUntil: null };
      const removal = { active: false, removedAt: () => 'partner_program.now_ms()', ...forgotten };
      const { affected } = await tx.update(WebhookEndpoint, { id, removedAt: IsNull() }, removal);
      if (affected !== 1) throw new Refusal('NOT_FOUND');
      await endDeliveries(tx, id);
    });
  }

  /** Sends something that means nothing. @throws Refusal NOT_FOUND, WEBHOOK_INACTIVE */
  test(id: string, by: Signature): Promise<{ deliveryId: string }> {
    return this.db.transaction(async (tx) => {
      await this.sign(tx, id, by, { action: 'webhook.tested' });
      this.jobs.wakeAfter(tx);
      return { deliveryId: await addTest(tx, id) };
    });
  }

  /** The newest first; `failed` are those of all pages. @throws Refusal NOT_FOUND; INVALID_INPUT for a cursor that is none */
  async deliveries(
    id: string,
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<Slice<DeliveryRow> & { endpoint: ListedEndpoint; failed: number }> {
    const endpoint = await this.get(id);
    const before = cursor === undefined ? null : String(decodeCursor(cursor, 1)[0]);
    if (before !== null && !/^\d{1,18}$/.test(before)) throw new Refusal('INVALID_INPUT', { field: 'cursor' });
    const rows = await listDeliveries(this.db.manager, id, { before, limit: limit + 1 });
    const failed = await countFailed(this.db.manager, id);
    return { ...sliceOf(rows, limit, ({ id: last }) => [last]), endpoint, failed };
  }

  /**
   * Sends it again under the same `webhook-id`, as often as anew, whether or not it came through before.
   * @throws Refusal NOT_FOUND, WEBHOOK_INACTIVE, DELIVERY_WAITING while it is still on its way
   */
  replay(endpointId: string, deliveryId: string, by: Signature): Promise<void> {
    return this.db.transaction(async (tx) => {
      const known = /^\d{1,18}$/.test(deliveryId);
      const { eventId } = await found(
        known ? tx.findOneBy(WebhookDelivery, { id: deliveryId, endpointId }) : Promise.resolve(null),
      );
      await this.sign(tx, endpointId, by, { action: 'webhook.replayed', after: { eventId } });
      if ((await beginReplay(tx, endpointId, deliveryId)) === 0) throw new Refusal('DELIVERY_WAITING');
    });
  }

  /** The same with everything that failed: what a receiver missed while it was away. @throws Refusal NOT_FOUND, WEBHOOK_INACTIVE */
  replayFailed(endpointId: string, by: Signature): Promise<{ deliveries: number }> {
    return this.db.transaction(async (tx) => {
      const deliveries = await beginReplay(tx, endpointId, null);
      await this.sign(tx, endpointId, by, { action: 'webhook.replayed', after: { deliveries } });
      return { deliveries };
    });
  }

  async hostState(): Promise<HostState> {
    const [signs, counts] = [await hostSigns(this.db.manager), await this.jobs.counts()];
    const contracts = counts.find(({ kind }) => kind === 'contract');
    return {
      ...signs,
      waiting: contracts?.due ?? 0,
      lagSeconds: Math.round(contracts?.oldestDueSeconds ?? 0),
      deadJobs: counts.reduce((total, { dead }) => total + dead, 0),
    };
  }

  /** Writes into the audit log what the table of endpoints cannot say. @throws Refusal NOT_FOUND, WEBHOOK_INACTIVE */
  private async sign(
    tx: EntityManager,
    id: string,
    by: Signature,
    { action, after }: Pick<Change, 'action' | 'after'>,
  ): Promise<void> {
    if (!(await this.get(id, tx)).active) throw new Refusal('WEBHOOK_INACTIVE');
    await attributeChanges(tx, by);
    await recordChange(tx, { action, objectType: 'webhook', objectId: id, partnerId: null, after });
  }
}

function newSigningSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

/** @throws Refusal NOT_FOUND */
async function found<T>(lookup: Promise<T | null>): Promise<T> {
  const row = await lookup;
  if (!row) throw new Refusal('NOT_FOUND');
  return row;
}
