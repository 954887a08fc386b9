import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { refuseOn } from '../kernel/query';
import { Refusal } from '../kernel/refusal';
import { linkCode } from '../kernel/token';
import type { Actor } from '../web/actor';
import { Partner } from './partner.entity';
import { isInDownline, openPlacement, partnersOfUsers } from './partners.queries';
import { lockTimeline } from '../timeline/timeline.queries';

/** What a partner account is made of. @see P5 */
export interface Newcomer extends Pick<Partner, 'firstName' | 'lastName' | 'email' | 'phone' | 'locale'> {
  readonly userId: string | null;
  readonly sponsorId: string | null;
  readonly emailConfirmed: boolean;
}

@Injectable()
export class PartnersService {
  constructor(@InjectDataSource() private readonly db: DataSource) {}

  /**
   * Opens a partner account and places it under its sponsor, from now on.
   *
   * @param tx a transaction in which nothing ran before: the tree is locked first
   * @throws Refusal ALREADY_JOINED, EMAIL_TAKEN, TREE_TOO_DEEP
   * @see P3 P5
   */
  async join(tx: EntityManager, newcomer: Newcomer): Promise<Partner> {
    const { moment } = await lockTimeline(tx);
    const { emailConfirmed, ...person } = newcomer;
    const partner = tx.create(Partner, {
      ...person,
      id: uuidv7(),
      status: 'active',
      referralCode: linkCode(),
      emailConfirmedAt: emailConfirmed ? moment : null,
      joinedAt: moment,
    });
    await refuseOn({ partner_user_key: 'ALREADY_JOINED', partner_email_key: 'EMAIL_TAKEN' }, () => tx.insert(Partner, partner));
    await refuseOn({ partner_path_depth: 'TREE_TOO_DEEP' }, () =>
      openPlacement(tx, {
        partnerId: partner.id,
        sponsorId: partner.sponsorId,
        from: moment,
        reason: 'joined',
        placedBy: `partner:${partner.id}`,
      }),
    );
    return partner;
  }

  byUser(userId: string): Promise<Partner | null> {
    return this.db.manager.findOneBy(Partner, { userId });
  }

  /** The partner ids of these users, as far as they have joined. */
  ofUsers(userIds: readonly string[]): Promise<Map<string, string>> {
    return partnersOfUsers(this.db.manager, userIds);
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

  private mayOpen({ partner, permissions }: Actor, partnerId: string): Promise<boolean> {
    if (permissions.has('viewAllPartners') || permissions.has('manageBalances')) return Promise.resolve(true);
    if (!partner) return Promise.resolve(false);
    return partner.id === partnerId ? Promise.resolve(true) : isInDownline(this.db.manager, partner.id, partnerId);
  }
}
