import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { decodeCursor, sliceOf } from '../../kernel/cursor';
import type { Slice } from '../../kernel/cursor';
import type { Locale } from '../../kernel/locale';
import { Refusal } from '../../kernel/refusal';
import { JobsService } from '../jobs/jobs.service';
import type { NotificationKind } from './facts';
import { listNotifications, markSeen, notifyPartners, notifySponsor, somePartners } from './notifications.queries';
import type { News } from './notifications.queries';
import { Wordings } from './wording.service';

/** A notification as the portal shows it. */
export interface ListedNotification {
  readonly id: string;
  readonly at: Date;
  readonly kind: NotificationKind;
  readonly text: string;
  /** The page it is about. */
  readonly href: string;
  readonly seen: boolean;
}

interface NotifyAll extends News {
  /** Whoever joined later knows it from joining. */
  readonly joinedBefore: string;
  /** The last partner who was notified. */
  readonly after: string | null;
}

/** So many partners are notified in one transaction. */
const BATCH_SIZE = 1_000;

/** Notifies partners what concerns them: in the portal, and by a mail that is written once the news is committed. @see S14 */
@Injectable()
export class NotificationsService implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly wordings: Wordings,
  ) {}

  onModuleInit(): void {
    this.jobs.register<NotifyAll>({
      kind: 'notifyAll',
      batchSize: 1,
      run: async (tx, jobs) => {
        for (const { payload } of jobs) await this.notifySome(tx, payload);
      },
    });
  }

  /** In the transaction in which it happens; who was notified of it already, or does not want to know, hears nothing. */
  async notify(tx: EntityManager, news: News, ...partnerIds: readonly string[]): Promise<void> {
    await notifyPartners(tx, news, partnerIds);
    this.jobs.wakeAfter(tx);
  }

  /** Called where an address is confirmed, at joining or later: then a sponsor hears of the new partner. @see F64 */
  async notifySponsor(tx: EntityManager, newcomerId: string): Promise<void> {
    await notifySponsor(tx, newcomerId);
    this.jobs.wakeAfter(tx);
  }

  /**
   * Notifies every active partner, a batch after the other once the caller's transaction is committed.
   * @param joinedBefore the moment of the news: whoever joined later, though before the batch, is not notified
   */
  notifyAll(tx: EntityManager, news: News, joinedBefore: Date): Promise<void> {
    return this.addBatch(tx, { ...news, joinedBefore: joinedBefore.toISOString(), after: null });
  }

  /** What the portal shows, the newest first. @throws Refusal INVALID_INPUT for a cursor that is none */
  async list(
    partnerId: string,
    locale: Locale,
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<Slice<ListedNotification>> {
    const before = cursor === undefined ? null : notificationId(decodeCursor(cursor, 1)[0]);
    const rows = await listNotifications(this.db.manager, partnerId, { before, limit: limit + 1 });
    const { data, nextCursor } = sliceOf(rows, limit, ({ id }) => [id]);
    return {
      data: data.map(({ seen, ...facts }) => {
        const { text, href } = this.wordings.of(locale, facts);
        return { id: facts.id, at: facts.at, kind: facts.kind, text, href, seen };
      }),
      nextCursor,
    };
  }

  /** @param until the newest one that the partner has seen; with it all before */
  see(partnerId: string, until: string): Promise<void> {
    return markSeen(this.db.manager, partnerId, until);
  }

  private async notifySome(tx: EntityManager, batch: NotifyAll): Promise<void> {
    const partnerIds = await somePartners(tx, batch, BATCH_SIZE);
    await this.notify(tx, batch, ...partnerIds);
    if (partnerIds.length === BATCH_SIZE) await this.addBatch(tx, { ...batch, after: partnerIds.at(-1)! });
  }

  private addBatch(tx: EntityManager, batch: NotifyAll): Promise<void> {
    const { kind, about, after } = batch;
    return this.jobs.add(tx, { key: `notifyAll:${kind}:${about}:${after ?? ''}`, kind: 'notifyAll', payload: batch });
  }
}

function notificationId(part: string | number | undefined): string {
  if (typeof part === 'string' && /^\d{1,18}$/.test(part)) return part;
  throw new Refusal('INVALID_INPUT', { field: 'cursor' });
}
