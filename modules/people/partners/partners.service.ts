import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, Not } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { currentTime } from '../../kernel/clock';
import { decodeCursor, sliceOf } from '../../kernel/cursor';
import type { Slice } from '../../kernel/cursor';
import { refuseOn } from '../../kernel/query';
import { Refusal } from '../../kernel/refusal';
import { linkCode } from '../../kernel/token';
import { balancesOf } from '../../ledger/balances.queries';
import type { Balance } from '../../ledger/balances.queries';
import { Holder } from '../../ledger/holder.entity';
import { attributeChanges } from '../../platform/audit/audit.queries';
import type { Signature } from '../../platform/audit/audit.queries';
import { NotificationsService } from '../../platform/notifications/notifications.service';
import { lockTimeline } from '../../platform/timeline/timeline.queries';
import type { Actor, ActorPartner } from '../../platform/web/access/actor';
import { WebhookReports } from '../../platform/webhooks/webhook-reports.service';
import { childrenOf, joinedSince, listPartners, rowsOf } from './partner-list.queries';
import type { PartnerListFilter, PartnerListPosition, PartnerListRow } from './partner-list.queries';
import { Partner } from './partner.entity';
import { isInDownline, linkUser, openPlacement, partnersOfUsers } from './partners.queries';
import { standingOf } from './status/partner-status.queries';
import { uplineAt } from './tree/placements.queries';

/** What a partner account is made of. @see P5 */
export interface Newcomer extends Pick<Partner, 'firstName' | 'lastName' | 'email' | 'phone' | 'locale'> {
  readonly userId: string | null;
  readonly sponsorId: string | null;
  readonly emailConfirmed: boolean;
}

/** A row as the viewer may see it. */
export type PartnerListItem = Omit<PartnerListRow, 'phone' | 'sortKey'> & {
  readonly phone?: string | null;
  readonly wallets?: readonly Balance[];
};

/** Of new partners nobody counts more. */
const MANY = 100;

@Injectable()
export class PartnersService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly notifications: NotificationsService,
    private readonly webhooks: WebhookReports,
  ) {}

  /**
   * Opens a partner account and places it under its sponsor, from now on.
   *
   * @param tx a transaction in which nothing ran before: the tree is locked first
   * @throws Refusal ALREADY_JOINED, EMAIL_TAKEN, TREE_TOO_DEEP
   * @see P3 P5
   */
  async join(tx: EntityManager, newcomer: Newcomer): Promise<Partner> {
    const { moment } = await lockTimeline(tx);
    const partner = await this.insert(tx, newcomer, 'active', moment);
    await this.place(tx, partner, moment, `partner:${partner.id}`);
    await this.reportJoined(tx, partner, moment);
    await this.notifications.notifySponsor(tx, partner.id);
    return partner;
  }

  /**
   * Opens a partner account that stands nowhere until it is approved.
   *
   * @param tx a transaction in which nothing ran before: the tree is locked first
   * @throws Refusal EMAIL_TAKEN
   * @see P9
   */
  async await(tx: EntityManager, newcomer: Newcomer & { readonly sponsorId: null }): Promise<Partner> {
    const { moment } = await lockTimeline(tx);
    return this.insert(tx, newcomer, 'awaitingApproval', moment);
  }

  /**
   * Places a waiting partner at the top, from now on.
   *
   * @param tx a transaction in which nothing ran before: the tree is locked first
   * @throws Refusal NOT_FOUND, NOT_AWAITING_APPROVAL
   * @see P9
   */
  async approve(tx: EntityManager, by: Signature, partnerId: string): Promise<Partner> {
    await attributeChanges(tx, by);
    const { moment } = await lockTimeline(tx);
    const partner = await tx.findOneBy(Partner, { id: partnerId });
    if (!partner) throw new Refusal('NOT_FOUND');
    if (partner.status !== 'awaitingApproval') throw new Refusal('NOT_AWAITING_APPROVAL');
    await tx.update(Partner, { id: partnerId }, { status: 'active', joinedAt: moment });
    await this.place(tx, partner, moment, by.ref);
    await this.reportJoined(tx, partner, moment);
    return { ...partner, status: 'active', joinedAt: moment };
  }

  /** The partner a CRM user is; null before joining and after leaving. */
  byUser(userId: string): Promise<Partner | null> {
    return this.db.manager.findOneBy(Partner, { userId, status: Not('left') });
  }

  /** The partner ids of these users, as far as they have joined. */
  async ofUsers(userIds: readonly string[]): Promise<Map<string, string>> {
    const partners = await partnersOfUsers(this.db.manager, userIds);
    return new Map([...partners].map(([userId, { partnerId }]) => [userId, partnerId]));
  }

  /**
   * Makes a CRM user the partner who registered with the same, confirmed address before: one person, one partner. The
   * place in the tree stays as it is; contracts are credited from this moment on.
   *
   * @param tx a transaction in which nothing ran before: the tree is locked first
   * @returns null where there is no such partner
   */
  async link(tx: EntityManager, userId: string, email: string): Promise<Partner | null> {
    const { moment } = await lockTimeline(tx);
    const id = await refuseOn({ partner_user_key: 'ALREADY_JOINED' }, () => linkUser(tx, userId, email, moment));
    return id === undefined ? null : tx.findOneByOrFail(Partner, { id });
  }

  /**
   * A partner that the actor may see: oneself, somebody of one's downline, anybody for holders of `viewAllPartners`
   * or `manageBalances`.
   * @throws Refusal NOT_FOUND for everybody else, as for an id that does not exist
   */
  async visibleTo(actor: Actor, partnerId: string): Promise<Partner> {
    const partner = await this.db.manager.findOneBy(Partner, { id: partnerId });
    if (partner && (await this.mayOpen(actor, partnerId))) return partner;
    throw new Refusal('NOT_FOUND');
  }

  /**
   * The partner whose money this person may see: one's own, or with `manageBalances` anybody's.
   * @throws Refusal NOT_FOUND for everybody else, who does not even learn that the partner exists
   */
  ownerFor(me: Actor, partnerId: string): Promise<Partner> {
    if (me.partner?.id !== partnerId && !me.permissions.has('manageBalances')) throw new Refusal('NOT_FOUND');
    return this.visibleTo(me, partnerId);
  }

  /** "Twoi partnerzy": the own downline, or everybody for holders of `viewAllPartners` and `manageBalances`. @see P11 */
  async list(
    actor: Actor,
    filter: Omit<PartnerListFilter, 'above'>,
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<Slice<PartnerListItem>> {
    const above = seesAll(actor) ? null : actor.partner!.id;
    const rows = await listPartners(
      this.db.manager,
      { ...filter, above, withWallets: seesWallets(actor) },
      { after: positionOf(cursor, filter.sort), limit: limit + 1, known: actor.partner?.place },
    );
    return asSeenBy(actor, sliceOf(rows, limit, positionKey));
  }

  async children(
    actor: Actor,
    partnerId: string,
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<Slice<PartnerListItem>> {
    const rows = await childrenOf(this.db.manager, partnerId, {
      after: positionOf(cursor, 'joinedAt'),
      limit: limit + 1,
      withWallets: seesWallets(actor),
    });
    return asSeenBy(actor, sliceOf(rows, limit, positionKey));
  }

  /** These partners as rows of the list; the caller has made sure that the actor may see them. */
  async rows(actor: Actor, ids: readonly string[]): Promise<PartnerListItem[]> {
    const above = seesAll(actor) ? null : actor.partner!.id;
    const data = await rowsOf(this.db.manager, { above, withWallets: seesWallets(actor) }, ids);
    return asSeenBy(actor, { data, nextCursor: null }).data;
  }

  /** How many stand below a partner, and how many of them are new this month; a hundred stands for a hundred or more. */
  async network(
    { id, place: known }: ActorPartner,
    since: Date,
  ): Promise<{ direct: number; total: number; newThisMonth: number }> {
    const { directCount: direct, downlineCount: total } = known ?? { directCount: 0, downlineCount: 0 };
    // Most partners have nobody below.
    const newThisMonth = total === 0 ? 0 : await joinedSince(this.db.manager, id, { since, limit: MANY, known });
    return { direct, total, newThisMonth };
  }

  /** Everybody above, the sponsor first; a partner sees them up to oneself and no further. */
  async upline(actor: Actor, partnerId: string): Promise<{ id: string; name: string }[]> {
    const upline = await uplineAt(this.db.manager, partnerId, currentTime());
    if (seesAll(actor)) return upline;
    const own = upline.findIndex(({ id }) => id === actor.partner!.id);
    return upline.slice(0, own + 1);
  }

  /** Whether the partner is suspended now, and in which rank. */
  async standing(partnerId: string): Promise<{ status?: 'suspended'; suspensionReason?: string; rank: string | null }> {
    const { suspensionReason, rank } = await standingOf(this.db.manager, partnerId);
    return suspensionReason === null ? { rank } : { status: 'suspended', suspensionReason, rank };
  }

  async wallets(partnerId: string): Promise<readonly Balance[]> {
    return (await balancesOf(this.db.manager, [partnerId])).get(partnerId) ?? [];
  }

  private async insert(
    tx: EntityManager,
    { emailConfirmed, ...person }: Newcomer,
    status: Partner['status'],
    moment: Date,
  ): Promise<Partner> {
    const partner = tx.create(Partner, {
      ...person,
      id: uuidv7(),
      status,
      referralCode: linkCode(),
      emailConfirmedAt: emailConfirmed ? moment : null,
      joinedAt: moment,
    });
    await tx.insert(Holder, { id: partner.id, kind: 'partner' });
    await refuseOn({ partner_user_key: 'ALREADY_JOINED', partner_email_key: 'EMAIL_TAKEN' }, () =>
      tx.insert(Partner, partner),
    );
    return partner;
  }

  private place(tx: EntityManager, { id: partnerId, sponsorId }: Partner, from: Date, placedBy: string): Promise<void> {
    return refuseOn({ partner_path_depth: 'TREE_TOO_DEEP' }, () =>
      openPlacement(tx, { partnerId, sponsorId, from, reason: 'joined', placedBy }),
    );
  }

  private reportJoined(tx: EntityManager, { id: partnerId, sponsorId }: Partner, joinedAt: Date): Promise<void> {
    return this.webhooks.report(tx, 'partner.joined', joinedAt, { partnerId, sponsorId });
  }

  private mayOpen(actor: Actor, partnerId: string): Promise<boolean> {
    const { partner } = actor;
    if (seesAll(actor)) return Promise.resolve(true);
    if (!partner) return Promise.resolve(false);
    return partner.id === partnerId ? Promise.resolve(true) : isInDownline(this.db.manager, partner.id, partnerId);
  }
}

/** Whether everybody is listed for the actor, and not only the own downline. */
export function seesAll({ permissions }: Actor): boolean {
  return permissions.has('viewAllPartners') || permissions.has('manageBalances');
}

/** The wallet column is for holders of `manageBalances`. */
function seesWallets({ permissions }: Actor): boolean {
  return permissions.has('manageBalances');
}

/** Phones are for whom the wallets are for. */
function asSeenBy(actor: Actor, page: Slice<PartnerListRow>): Slice<PartnerListItem> {
  const data = page.data.map(({ phone, sortKey: _, ...row }) => (seesWallets(actor) ? { ...row, phone } : row));
  return { ...page, data };
}

function positionKey({ id, sortKey }: PartnerListRow): string[] {
  return [id, sortKey];
}

/** @throws Refusal INVALID_INPUT for a cursor of another list */
function positionOf(cursor: string | undefined, sort: PartnerListFilter['sort']): PartnerListPosition | undefined {
  if (cursor === undefined) return undefined;
  const [id = '', key = ''] = decodeCursor(cursor, 2).map(String);
  if (!isUuid(id) || (sort === 'joinedAt' && Number.isNaN(Date.parse(key)))) {
    throw new Refusal('INVALID_INPUT', { field: 'cursor' });
  }
  return { id, key };
}
