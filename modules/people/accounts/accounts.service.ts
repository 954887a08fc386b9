import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Request, Response } from 'express';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { NIL } from 'uuid';
import { networkOf } from '../../kernel/network';
import { Refusal } from '../../kernel/refusal';
import { DeparturesService } from '../partners/departures/departures.service';
import { ThrottleService } from '../../platform/throttle/throttle.service';
import { AccountLogin } from './account-login.entity';
import { accountByEmail, emailKey } from './accounts.queries';
import type { AccountRow } from './accounts.queries';
import { LIMITS } from './limits';
import type { PasswordOwner } from './passwords/password-rules';
import { PasswordsService } from './passwords/passwords.service';
import { SessionsService } from './sessions/sessions.service';
import { AccountMailsService } from './tokens/account-mails.service';

/** The login of a partner who has just been written into the tree. */
export interface NewAccount {
  readonly partnerId: string;
  /** From {@link AccountsService.hash}. */
  readonly passwordHash: string;
  readonly emailConfirmed: boolean;
}

/** How people without a CRM account have an account here. @see P9 P10 */
@Injectable()
export class AccountsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly throttle: ThrottleService,
    private readonly mails: AccountMailsService,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly departures: DeparturesService,
  ) {}

  /**
   * The slow part of opening an account, done before its transaction, which holds the tree.
   * @throws Refusal PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_WEAK
   */
  hash(password: string, owner: PasswordOwner): Promise<string> {
    return this.passwords.hash(password, owner);
  }

  /** Gives a partner a password to log in with; an address that is not confirmed is asked to confirm. */
  async open(tx: EntityManager, { partnerId, passwordHash, emailConfirmed }: NewAccount): Promise<void> {
    await tx.insert(AccountLogin, { partnerId, passwordHash });
    if (!emailConfirmed) await this.requireConfirmation(tx, { id: partnerId });
  }

  /** Mails the link that confirms the address; asked for twice while an account is opened, it is mailed once. */
  requireConfirmation(tx: EntityManager, partner: { readonly id: string }): Promise<void> {
    return this.mails.firstConfirmation(tx, partner.id);
  }

  /**
   * Ends a registration of this address that nobody has confirmed: whoever now comes with the address proven takes its
   * place, not whoever typed it once.
   *
   * @param tx a transaction in which nothing ran before: the tree is locked first
   */
  async replaceUnconfirmed(tx: EntityManager, email: string): Promise<void> {
    const account = await accountByEmail(tx, emailKey(email));
    if (!account || account.emailConfirmed) return;
    await this.departures.leave(tx, account.partnerId, 'replaced');
    await this.close(tx, account.partnerId);
  }

  /** Logs the browser in as this partner. */
  signIn(request: Request, response: Response, partnerId: string): Promise<void> {
    return this.sessions.open(request, response, partnerId, null);
  }

  /** Ends the login of a partner who logs in through the CRM from now on, with its sessions and links. */
  async close(tx: EntityManager, partnerId: string): Promise<void> {
    await tx.delete(AccountLogin, { partnerId });
  }

  /**
   * Logs in with a password. An unknown address gets the answer of a wrong password after the same work, and counts
   * the same; a browser that the account knows is counted apart from all others.
   * @throws Refusal WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS
   * @see F62 F63
   */
  async logIn(request: Request, response: Response, email: string, password: string): Promise<AccountRow> {
    const [key, address] = [emailKey(email), networkOf(request.ip)];
    await this.throttle.take(LIMITS.loginFromAddress, address);
    const account = await accountByEmail(this.db.manager, key);
    const device = await this.sessions.knownDevice(request, account?.partnerId ?? NIL);
    const [limit, whom] =
      device === undefined ? [LIMITS.loginToAccount, key] : [LIMITS.loginFromDevice, `${device} ${key}`];
    await this.throttle.take(limit, whom);
    const right = await this.passwords.matches(account?.passwordHash, password);
    if (!account || !right) throw new Refusal('WRONG_CREDENTIALS');
    await this.throttle.giveBack(LIMITS.loginFromAddress, address);
    await this.throttle.giveBack(limit, whom);
    await this.sessions.open(request, response, account.partnerId, account.passwordHash);
    return account;
  }
}
