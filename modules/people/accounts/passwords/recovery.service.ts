import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { networkOf } from '../../../kernel/network';
import { Refusal } from '../../../kernel/refusal';
import { NotificationsService } from '../../../platform/notifications/notifications.service';
import { ThrottleService } from '../../../platform/throttle/throttle.service';
import type { Actor } from '../../../platform/web/access/actor';
import { accountOf, emailKey, setPassword } from '../accounts.queries';
import type { AccountRow } from '../accounts.queries';
import { confirmEmail } from '../emails/emails.queries';
import { LIMITS } from '../limits';
import { SessionsService } from '../sessions/sessions.service';
import { AccountMailsService } from '../tokens/account-mails.service';
import { lookAtToken, useToken } from '../tokens/tokens.queries';
import { PasswordsService } from './passwords.service';

/** How a password is changed, by somebody who knows it or by somebody who has lost it. */
@Injectable()
export class RecoveryService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly throttle: ThrottleService,
    private readonly mails: AccountMailsService,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly notifications: NotificationsService,
  ) {}

  /**
   * Mails a link to the account of this address, if there is one: that is found out after the answer.
   * @throws Refusal TOO_MANY_ATTEMPTS of one address of the network
   * @see F62 F64
   */
  async request(email: string, ip: string | undefined): Promise<void> {
    await this.throttle.take(LIMITS.resetFromAddress, networkOf(ip));
    if ((await this.throttle.tryTake(LIMITS.resetToMailbox, emailKey(email))) > 0) return;
    await this.mails.sendLink(this.db.manager, 'resetPassword', email);
  }

  /** The account that a link is for; looking changes nothing. @throws Refusal LINK_INACTIVE */
  async accountBehind(secret: string): Promise<AccountRow> {
    const token = await lookAtToken(this.db.manager, secret, ['resetPassword']);
    const account = token && (await accountOf(this.db.manager, token.partnerId));
    if (!account) throw new Refusal('LINK_INACTIVE', { renewal: '/partner-program/password-resets' });
    return account;
  }

  /**
   * Sets a new password by a mailed link, which also proves the address. Every session ends, and what strangers tried
   * is forgiven.
   * @throws Refusal LINK_INACTIVE, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_WEAK
   * @see F54 F65
   */
  async reset(secret: string, password: string): Promise<void> {
    const account = await this.accountBehind(secret);
    const passwordHash = await this.passwords.hash(password, account);
    await this.db.transaction(async (tx) => {
      if (!(await useToken(tx, secret, ['resetPassword']))) throw new Refusal('LINK_INACTIVE');
      await confirmEmail(tx, account.partnerId);
      await this.notifications.notifySponsor(tx, account.partnerId);
      await this.replace(tx, account, passwordHash);
      await this.sessions.endAll(tx, account.partnerId);
    });
    await this.throttle.forget(LIMITS.loginToAccount, emailKey(account.email));
  }

  /**
   * Changes the password of somebody who is logged in and knows it; the other sessions end.
   * @throws Refusal WRONG_PASSWORD, TOO_MANY_ATTEMPTS, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_WEAK
   */
  async change(request: Request, partnerId: string, currentPassword: string, newPassword: string): Promise<void> {
    const account = await this.proven(partnerId, currentPassword);
    const passwordHash = await this.passwords.hash(newPassword, account);
    await this.db.transaction(async (tx) => {
      await this.replace(tx, account, passwordHash);
      await this.sessions.endOthers(tx, request, partnerId);
    });
  }

  /** Asks somebody who is logged in for the password again. @throws Refusal WRONG_PASSWORD, TOO_MANY_ATTEMPTS */
  async proven(partnerId: string, password: string): Promise<AccountRow> {
    await this.throttle.take(LIMITS.passwordOfSession, partnerId);
    const account = await accountOf(this.db.manager, partnerId);
    const right = await this.passwords.matches(account?.passwordHash, password);
    if (!account || !right) throw new Refusal('WRONG_PASSWORD');
    await this.throttle.giveBack(LIMITS.passwordOfSession, partnerId);
    return account;
  }

  /**
   * Asks for the password before something that an open session alone must not do. A CRM user's password is the CRM's
   * affair.
   * @throws Refusal INVALID_INPUT (field `password`) where it is missing, WRONG_PASSWORD, TOO_MANY_ATTEMPTS
   */
  async confirm({ userId, partner }: Actor, password: string | undefined): Promise<void> {
    if (userId !== null) return;
    if (password === undefined) {
      throw new Refusal('INVALID_INPUT', { errors: [{ field: 'password', code: 'IS_NOT_EMPTY', params: {} }] });
    }
    await this.proven(partner!.id, password);
  }

  /** The sessions end after it: whoever logs in meanwhile with the old password waits for it, or is ended by it. */
  private async replace(tx: EntityManager, account: AccountRow, passwordHash: string): Promise<void> {
    await setPassword(tx, account.partnerId, passwordHash);
    await this.mails.passwordChanged(tx, account);
  }
}
