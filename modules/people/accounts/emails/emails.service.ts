import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { networkOf } from '../../../kernel/network';
import { refuseOn } from '../../../kernel/query';
import { Refusal } from '../../../kernel/refusal';
import { NotificationsService } from '../../../platform/notifications/notifications.service';
import { ThrottleService } from '../../../platform/throttle/throttle.service';
import type { ActorPartner } from '../../../platform/web/access/actor';
import { emailKey } from '../accounts.queries';
import { LIMITS } from '../limits';
import { RecoveryService } from '../passwords/recovery.service';
import { AccountMailsService } from '../tokens/account-mails.service';
import { alreadyConfirmed, lookAtToken, useToken } from '../tokens/tokens.queries';
import type { TokenFacts } from '../tokens/tokens.queries';
import { applyChange, changeOf, confirmEmail, confirmEnd, requestChange } from './emails.queries';
import type { ChangeRow } from './emails.queries';

const ENDS = ['changeEmailOld', 'changeEmailNew'] as const;

/** Whether an address is really its partner's: confirmed by a mailed link, at first and whenever it changes. @see P10 */
@Injectable()
export class EmailsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly throttle: ThrottleService,
    private readonly mails: AccountMailsService,
    private readonly recovery: RecoveryService,
    private readonly notifications: NotificationsService,
  ) {}

  /** Mails the link once more; earlier ones stop working. @throws Refusal TOO_MANY_ATTEMPTS */
  async resendConfirmation({ id, email, emailConfirmed }: ActorPartner): Promise<void> {
    if (emailConfirmed) return;
    await this.throttle.take(LIMITS.confirmationToMailbox, emailKey(email));
    await this.mails.sendLink(this.db.manager, 'confirmEmail', id);
  }

  /**
   * The same for somebody who is not logged in, and whose link came too late: mailed if the address waits for its
   * confirmation, which is found out after the answer.
   * @throws Refusal TOO_MANY_ATTEMPTS of one address of the network
   * @see F62 F64
   */
  async requestConfirmation(email: string, ip: string | undefined): Promise<void> {
    await this.throttle.take(LIMITS.confirmationFromAddress, networkOf(ip));
    if ((await this.throttle.tryTake(LIMITS.confirmationToMailbox, emailKey(email))) > 0) return;
    await this.mails.confirmTyped(this.db.manager, email);
  }

  /**
   * What a link to confirm is about, and whether the address is confirmed already; looking changes nothing.
   * @throws Refusal LINK_INACTIVE
   */
  async confirmationOf(secret: string): Promise<{ email: string; confirmed: boolean }> {
    const done = await alreadyConfirmed(this.db.manager, secret);
    const { email } = done ?? confirming(await lookAtToken(this.db.manager, secret, ['confirmEmail']));
    return { email, confirmed: done !== undefined };
  }

  /** A second time, or too late for what is done already, changes nothing. @throws Refusal LINK_INACTIVE @see S12 */
  async confirm(secret: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const token = await useToken(tx, secret, ['confirmEmail']);
      if (!token && (await alreadyConfirmed(tx, secret))) return;
      const { partnerId } = confirming(token);
      await confirmEmail(tx, partnerId);
      await this.notifications.notifySponsor(tx, partnerId);
    });
  }

  /**
   * Asks both ends whether the address may change: the present one and the new one. An address that was never
   * confirmed has no say, so that a slip of the pen can be mended. Whether the new one belongs to somebody else is
   * not told; it then gets no mail.
   * @throws Refusal WRONG_PASSWORD, TOO_MANY_ATTEMPTS
   */
  async requestChange({ id, emailConfirmed }: ActorPartner, email: string, password: string): Promise<void> {
    await this.recovery.proven(id, password);
    await this.throttle.take(LIMITS.emailChange, id);
    await this.db.transaction(async (tx) => {
      await requestChange(tx, id, { email, oldToo: emailConfirmed });
      for (const end of ENDS) await this.mails.sendLink(tx, end, id);
    });
  }

  pendingChange(partnerId: string): Promise<ChangeRow | undefined> {
    return changeOf(this.db.manager, partnerId);
  }

  /** What a link of a change is about; looking changes nothing. @throws Refusal LINK_INACTIVE */
  async changeBehind(secret: string): Promise<ChangeRow> {
    const { partnerId } = active(await lookAtToken(this.db.manager, secret, ENDS));
    const change = await changeOf(this.db.manager, partnerId);
    if (!change) throw new Refusal('LINK_INACTIVE');
    return change;
  }

  /**
   * One end says yes; with the second yes the new address takes effect.
   * @returns whether it has
   * @throws Refusal LINK_INACTIVE, EMAIL_TAKEN
   */
  confirmChange(secret: string): Promise<boolean> {
    return refuseOn({ partner_email_key: 'EMAIL_TAKEN' }, () =>
      this.db.transaction(async (tx) => {
        const { partnerId, purpose } = active(await useToken(tx, secret, ENDS));
        const complete = await confirmEnd(tx, partnerId, purpose as (typeof ENDS)[number]);
        if (!complete) return false;
        await applyChange(tx, partnerId);
        await this.notifications.notifySponsor(tx, partnerId);
        return true;
      }),
    );
  }
}

function active(token: TokenFacts | undefined): TokenFacts {
  if (!token) throw new Refusal('LINK_INACTIVE');
  return token;
}

/** The same for a link that can be asked for again without being logged in. */
function confirming(token: TokenFacts | undefined): TokenFacts {
  if (!token) throw new Refusal('LINK_INACTIVE', { renewal: '/partner-program/confirmation-requests' });
  return token;
}
