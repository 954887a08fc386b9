import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Refusal } from '../../../kernel/refusal';
import { transaction } from '../../../kernel/transaction';
import { balancesOf } from '../../../ledger/balances.queries';
import type { Balance } from '../../../ledger/balances.queries';
import { LedgerService } from '../../../ledger/ledger.service';
import { available, move, program } from '../../../ledger/posting';
import { pendingWithdrawalOf } from '../../../money/redemptions/withdrawals.queries';
import { AccountsService } from '../../../people/accounts/accounts.service';
import { RecoveryService } from '../../../people/accounts/passwords/recovery.service';
import { DeparturesService } from '../../../people/partners/departures/departures.service';
import { attributeChanges } from '../../../platform/audit/audit.queries';
import { MailService } from '../../../platform/mail/mail.service';
import type { Actor } from '../../../platform/web/access/actor';
import { Messages } from '../../../platform/web/pages/messages.service';
import { InvitationsService } from '../../invitations/invitations.service';
import { eraseDate } from './erase-date';
import { leavingObstacle } from './leaving-obstacle';
import type { LeavingObstacle } from './leaving-obstacle';

/** How a partner ends the own membership. @see S14 */
@Injectable()
export class LeavingService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly recovery: RecoveryService,
    private readonly departures: DeparturesService,
    private readonly accounts: AccountsService,
    private readonly invitations: InvitationsService,
    private readonly ledger: LedgerService,
    private readonly mail: MailService,
    private readonly messages: Messages,
  ) {}

  /** What has to be settled first; undefined where nothing stands in the way. */
  async obstacle(partnerId: string, forfeits = false): Promise<LeavingObstacle | undefined> {
    return (await this.look(this.db.manager, partnerId, forfeits)).obstacle;
  }

  /**
   * Leaves the program: the links and the login end at once, the place in the tree and the history stay, and the
   * personal data is erased some days later.
   *
   * @throws Refusal WITHDRAWAL_PENDING, COMMISSIONS_MATURING, BALANCE_NEGATIVE, BALANCE_LEFT (each with `amount`); the
   * refusals of {@link RecoveryService.confirm}; NOT_A_PARTNER for whoever has left already
   */
  async leave(me: Actor, { password, forfeit = false }: { password?: string; forfeit?: boolean }) {
    await this.recovery.confirm(me, password);
    try {
      return await transaction(this.db, (tx) => this.leaveWithin(tx, me, forfeit));
    } catch (error) {
      // Money was asked for at the same moment: that request stands in the way now.
      if (!(error instanceof Refusal) || error.code !== 'INSUFFICIENT_FUNDS') throw error;
      throw refusalOf(await this.obstacle(me.partner!.id, forfeit)) ?? error;
    }
  }

  private async leaveWithin(tx: EntityManager, me: Actor, forfeits: boolean) {
    const { id, email, firstName } = me.partner!;
    await attributeChanges(tx, me);
    const { leftAt } = await this.departures.leave(tx, id, me.ref);
    const { wallets, obstacle } = await this.look(tx, id, forfeits);
    if (obstacle) throw refusalOf(obstacle)!;
    await this.forfeit(tx, me, wallets, leftAt);
    await this.invitations.revokeAll(tx, id);
    await this.accounts.close(tx, id);
    const erasedAt = eraseDate(leftAt);
    await this.mail.send(tx, {
      key: `left:${id}:${leftAt.toISOString()}`,
      to: email,
      template: 'left',
      locale: me.locale,
      params: { name: firstName, date: this.messages.date(me.locale, erasedAt) },
    });
    return { leftAt, erasedAt };
  }

  /** The wallets before the request: one that comes in between is seen, or finds that the wallets changed. */
  private async look(tx: EntityManager, partnerId: string, forfeits: boolean) {
    const wallets = (await balancesOf(tx, [partnerId])).get(partnerId) ?? [];
    const pending = await pendingWithdrawalOf(tx, partnerId);
    return { wallets, obstacle: leavingObstacle(pending, wallets, forfeits) };
  }

  /** What is given up goes back to the program. */
  private async forfeit(tx: EntityManager, me: Actor, wallets: readonly Balance[], occurredAt: Date): Promise<void> {
    const { id } = me.partner!;
    const postings = wallets
      .filter(({ availableMinor }) => availableMinor > 0)
      .map(({ currency, availableMinor }) => ({
        key: `forfeit:${id}:${occurredAt.toISOString()}:${currency}`,
        kind: 'adjustment' as const,
        occurredAt,
        postedBy: me.ref,
        reason: this.messages.text(me.locale, 'leaving.forfeited'),
        moves: [move(available(id), program('adjustments'), { amountMinor: availableMinor, currency })],
      }));
    await this.ledger.post(tx, ...postings);
  }
}

function refusalOf(obstacle: LeavingObstacle | undefined): Refusal | undefined {
  return obstacle && new Refusal(obstacle.code, { amount: obstacle.amount });
}
