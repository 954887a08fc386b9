import { randomBytes } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, Not } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Host } from '../../../host';
import type { HostUser } from '../../../host';
import { DAY_SECONDS } from '../../../kernel/day';
import { refuseOn } from '../../../kernel/query';
import { Refusal } from '../../../kernel/refusal';
import { transaction } from '../../../kernel/transaction';
import { Partner } from '../../partners/partner.entity';
import { attributeChanges, recordChange } from '../../../platform/audit/audit.queries';
import type { Signature } from '../../../platform/audit/audit.queries';
import { JobsService } from '../../../platform/jobs/jobs.service';
import { lockTimeline } from '../../../platform/timeline/timeline.queries';
import { Actors } from '../../../platform/web/access/actors.service';
import { AccountLogin } from '../account-login.entity';
import { emailKey } from '../accounts.queries';
import { AccountMailsService } from '../tokens/account-mails.service';
import { followUsers, tieUser, usersAfter } from './crm-users.queries';

const PAGE_SIZE = 500;

/**
 * Partners who are CRM users. Name, address, phone and language are the CRM's: they are copied here when the host reports
 * a change, when the person comes by, and once a day for everybody. @see P22
 */
@Injectable()
export class CrmUsersService implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
    private readonly jobs: JobsService,
    private readonly actors: Actors,
    private readonly mails: AccountMailsService,
  ) {}

  onModuleInit(): void {
    this.actors.whenUserDiffers((user) => this.follow(this.db.manager, [user]));
    this.jobs.register({ kind: 'followUsers', everySeconds: DAY_SECONDS, perform: () => this.followAll() });
  }

  /** Whether an address is that of a CRM user who can log in there: such a person joins with that account. @see P21 */
  async has(email: string): Promise<boolean> {
    const user = await this.byEmail(email);
    return user !== undefined && user.active !== false && !(await this.isPartner(user.id));
  }

  /** Gives the partners whom these users are the data that the CRM has of them; users who are none do not matter. */
  async follow(tx: EntityManager, users: readonly HostUser[]): Promise<void> {
    await followUsers(tx, users);
  }

  /**
   * Ties a partner to another CRM user, or to none: the person then logs in here, with a password set by a mailed link.
   * The place in the tree, the wallet and what was credited before stay; contracts of the new user count from now on.
   *
   * @throws Refusal NOT_FOUND, USER_UNKNOWN, USER_IS_PARTNER, EMAIL_TAKEN where somebody else logs in here with the address
   */
  async tie(by: Signature, partnerId: string, userId: string | null, reason: string): Promise<Partner> {
    const [user] = userId === null ? [] : await this.host.users([userId]);
    if (userId !== null && !user) throw new Refusal('USER_UNKNOWN');
    const passwordHash = await hash(randomBytes(32));
    return transaction(this.db, async (tx) => {
      await attributeChanges(tx, by);
      const { moment } = await lockTimeline(tx);
      const partner = await tx.findOneBy(Partner, { id: partnerId });
      if (!partner || partner.status === 'left') throw new Refusal('NOT_FOUND');
      if (partner.userId === userId) return partner;
      await refuseOn({ partner_user_key: 'USER_IS_PARTNER', partner_email_key: 'EMAIL_TAKEN' }, () =>
        tieUser(tx, partnerId, userId, moment),
      );
      if (user) {
        await tx.delete(AccountLogin, { partnerId });
        await followUsers(tx, [user]);
      } else {
        await tx.insert(AccountLogin, { partnerId, passwordHash });
        await this.mails.sendLink(tx, 'resetPassword', partner.email);
      }
      await recordChange(tx, {
        action: 'partner.userChanged',
        objectType: 'partner',
        objectId: partnerId,
        partnerId,
        before: { userId: partner.userId },
        after: { userId },
        reason,
      });
      return tx.findOneByOrFail(Partner, { id: partnerId });
    });
  }

  private async byEmail(email: string): Promise<HostUser | undefined> {
    if (this.host.userByEmail) return (await this.host.userByEmail(email)) ?? undefined;
    const users = await this.host.usersWith('participate');
    return users.find((user) => emailKey(user.email) === emailKey(email));
  }

  private isPartner(userId: string): Promise<boolean> {
    return this.db.manager.existsBy(Partner, { userId, status: Not('left') });
  }

  private async followAll(): Promise<void> {
    for (let after = ''; ;) {
      const ids = await usersAfter(this.db.manager, after, PAGE_SIZE);
      const last = ids.at(-1);
      if (last === undefined) return;
      await this.follow(this.db.manager, await this.host.users(ids));
      after = last;
    }
  }
}
