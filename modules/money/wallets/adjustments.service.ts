import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { currentTime } from '../../kernel/clock';
import { localeFor } from '../../kernel/locale';
import type { Money } from '../../kernel/money';
import { Refusal } from '../../kernel/refusal';
import { balancesOf } from '../../ledger/balances.queries';
import type { Balance } from '../../ledger/balances.queries';
import { LedgerService } from '../../ledger/ledger.service';
import { available, move, program } from '../../ledger/posting';
import type { Move } from '../../ledger/posting';
import type { Partner } from '../../people/partners/partner.entity';
import { attributeChanges } from '../../platform/audit/audit.queries';
import type { RepeatableRequest } from '../../platform/idempotency/idempotency.queries';
import { moveMoney } from '../../platform/idempotency/idempotency.service';
import { MailService } from '../../platform/mail/mail.service';
import { Program } from '../../platform/program/program.service';
import type { Actor } from '../../platform/web/access/actor';
import { Messages } from '../../platform/web/pages/messages.service';
import { adjustmentAmount } from './adjustment-amount';
import type { AdjustmentOperation } from './adjustment-amount';
import { availableEntryOf } from './wallets.queries';
import { entryJson, WalletsService } from './wallets.service';
import type { Entry } from './wallets.service';

type Correction = Money & { readonly operation?: AdjustmentOperation };

/** A correction of a balance by hand: a further entry with its reason, never an overwrite. @see P14 */
@Injectable()
export class AdjustmentsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly ledger: LedgerService,
    private readonly wallets: WalletsService,
    private readonly messages: Messages,
    private readonly program: Program,
    private readonly mail: MailService,
  ) {}

  /** What a correction would leave; nothing is written. @throws Refusal OWN_WALLET, CURRENCY_UNKNOWN, INVALID_INPUT */
  async preview(me: Actor, partner: Partner, { operation, amountMinor, currency }: Correction) {
    this.refuseWrong(me, partner, currency);
    const beforeMinor = (await walletOf(this.db.manager, partner.id, currency))?.availableMinor ?? 0;
    const change = adjustmentAmount(operation, amountMinor, beforeMinor);
    return { currency, beforeMinor, amountMinor: change, afterMinor: beforeMinor + change };
  }

  /**
   * @param order           its amount is signed and not zero, or what its operation says
   * @param expectedVersion of the wallet, when the correction was made looking at it
   * @throws Refusal OWN_WALLET, CURRENCY_UNKNOWN, INSUFFICIENT_FUNDS (`availableMinor`), WALLET_CHANGED (`wallet`)
   */
  adjust(
    me: Actor,
    partner: Partner,
    order: Correction & { readonly reason: string },
    { expectedVersion, repeatable }: { expectedVersion?: number; repeatable?: RepeatableRequest } = {},
  ): Promise<{ entry: Entry; wallet: Balance }> {
    const { currency, reason, operation } = order;
    this.refuseWrong(me, partner, currency);
    return this.wallets.withBalance(partner.id, currency, () =>
      moveMoney(this.db, repeatable, async (tx) => {
        await attributeChanges(tx, me);
        const before = await walletOf(tx, partner.id, currency);
        const amountMinor = adjustmentAmount(operation, order.amountMinor, before?.availableMinor ?? 0);
        // A new balance is counted from the present one, which must not change before it is written.
        const version = expectedVersion ?? (operation === 'set' ? (before?.version ?? 0) : undefined);
        const id = uuidv7();
        const [transactionId] = await this.ledger.post(tx, {
          key: `adjustment:${id}`,
          kind: 'adjustment',
          occurredAt: currentTime(),
          postedBy: me.ref,
          reason,
          moves: [correction(partner.id, { amountMinor, currency })],
        });
        const entry = await availableEntryOf(tx, transactionId!);
        // The posting locked the wallet: only its own step may lie between the expected version and the one it made.
        if (version !== undefined && entry.accountVersion !== version + 1) {
          throw new Refusal('WALLET_CHANGED');
        }
        const locale = localeFor(partner, this.program.now);
        await this.mail.send(tx, {
          key: `adjustment:${id}`,
          to: partner.email,
          template: 'walletAdjusted',
          locale,
          params: {
            name: partner.firstName,
            amount: this.messages.money(locale, { amountMinor, currency }, true),
            reason,
          },
        });
        return { entry: entryJson(entry), wallet: (await walletOf(tx, partner.id, currency))! };
      }),
    );
  }

  private refuseWrong(me: Actor, partner: Partner, currency: string): void {
    if (partner.id === me.partner?.id) throw new Refusal('OWN_WALLET');
    if (!this.program.now.units.has(currency)) throw new Refusal('CURRENCY_UNKNOWN', { currency });
  }
}

/** @param amount positive adds, negative deducts */
function correction(partnerId: string, { amountMinor, currency }: Money): Move {
  return amountMinor < 0
    ? move(available(partnerId), program('adjustments'), { amountMinor: -amountMinor, currency })
    : move(program('adjustments'), available(partnerId), { amountMinor, currency });
}

async function walletOf(tx: EntityManager, partnerId: string, currency: string): Promise<Balance | undefined> {
  return (await balancesOf(tx, [partnerId])).get(partnerId)?.find((wallet) => wallet.currency === currency);
}
