import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { JobsService } from '../jobs/jobs.service';
import { decodeCursor, pageOf } from '../kernel/cursor';
import type { Page } from '../kernel/cursor';
import type { Locale } from '../kernel/locale';
import { Refusal } from '../kernel/refusal';
import { MailService } from '../mail/mail.service';
import { letterOf } from './letters/notification-letter';
import { listNotifications, markSeen, somePartners, tell, tellSponsor } from './notifications.queries';
import type { News } from './notifications.queries';
import type { NotificationKind } from './facts';
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

interface TellAll extends News {
  /** The last partner who was told. */
  readonly after: string | null;
}

/** So many partners are told in one transaction. */
const BATCH_SIZE = 1_000;

/** Tells partners what concerns them: in the portal, and by a mail that is written once the news is committed. @see S14 */
@Injectable()
export class NotificationsService implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly mail: MailService,
    private readonly wordings: Wordings,
  ) {}

  onModuleInit(): void {
    this.jobs.register<TellAll>({
      kind: 'tellAll',
      batchSize: 1,
      run: async (tx, jobs) => {
        for (const { payload } of jobs) await this.tellSome(tx, payload);
      },
    });
  }

  /** In the transaction in which it happens; who was told of it already, or does not want to know, hears nothing. */
  async tell(tx: EntityManager, news: News, ...partnerIds: readonly string[]): Promise<void> {
    await this.mail.sendLetter(tx, ...(await tell(tx, news, partnerIds)).map(letterOf));
  }

  /** Called where an address is confirmed, at joining or later: then a sponsor hears of the new partner. @see F64 */
  async tellSponsor(tx: EntityManager, newcomerId: string): Promise<void> {
    await this.mail.sendLetter(tx, ...(await tellSponsor(tx, newcomerId)).map(letterOf));
  }

  /** Tells every active partner, a batch after the other once the caller's transaction is committed. */
  tellAll(tx: EntityManager, news: News): Promise<void> {
    return this.addBatch(tx, { ...news, after: null });
  }

  /** What the portal shows, the newest first. @throws Refusal INVALID_INPUT for a cursor that is none */
  async list(
    partnerId: string,
    locale: Locale,
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<Page<ListedNotification>> {
    const before = cursor === undefined ? null : notificationId(decodeCursor(cursor, 1)[0]);
    const rows = await listNotifications(this.db.manager, partnerId, { before, limit: limit + 1 });
    const { data, nextCursor } = pageOf(rows, limit, ({ id }) => [id]);
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

  private async tellSome(tx: EntityManager, { after, ...news }: TellAll): Promise<void> {
    const partnerIds = await somePartners(tx, after, BATCH_SIZE);
    await this.tell(tx, news, ...partnerIds);
    if (partnerIds.length === BATCH_SIZE) await this.addBatch(tx, { ...news, after: partnerIds.at(-1)! });
  }

  private addBatch(tx: EntityManager, batch: TellAll): Promise<void> {
    const { kind, about, after } = batch;
    return this.jobs.add(tx, { key: `tellAll:${kind}:${about}:${after ?? ''}`, kind: 'tellAll', payload: batch });
  }
}

function notificationId(part: string | number | undefined): string {
  if (typeof part === 'string' && /^\d{1,18}$/.test(part)) return part;
  throw new Refusal('INVALID_INPUT', { field: 'cursor' });
}
