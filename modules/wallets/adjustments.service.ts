import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { signChanges } from '../audit/audit.queries';
import { isCurrency } from '../kernel/money';
import type { Money } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { balancesOf } from '../ledger/balances.queries';
import type { Balance } from '../ledger/balances.queries';
import { available, LedgerService, program } from '../ledger/ledger.service';
import { MailService } from '../mail/mail.service';
import type { Partner } from '../partners/partner.entity';
import { SettingsService } from '../settings/settings.service';
import type { Actor } from '../web/actor';
import { formatMoney } from '../web/pages/formats';
import { adjustmentAmount } from './adjustment-amount';
import type { AdjustmentOperation } from './adjustment-amount';
import { moveMoney } from './idempotency/idempotency.queries';
import type { Attempt } from './idempotency/idempotency.queries';
import { availableEntryOf } from './wallets.queries';
import { entryJson, WalletsService } from './wallets.service';
import type { Entry } from './wallets.service';

/** A correction of a balance by hand: a further entry with its reason, never an overwrite. @see P14 */
@Injectable()
export class AdjustmentsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly ledger: LedgerService,
    private readonly wallets: WalletsService,
    private readonly settings: SettingsService,
    private readonly mail: MailService,
  ) {}

  /**
   * @param order           its amount is signed and not zero, or what its operation says
   * @param expectedVersion of the wallet, when the correction was made looking at it
   * @throws Refusal OWN_WALLET, CURRENCY_UNKNOWN, INSUFFICIENT_FUNDS (`availableMinor`), WALLET_CHANGED (`wallet`)
   */
  adjust(
    me: Actor,
    partner: Partner,
    order: Money & { readonly reason: string; readonly operation?: AdjustmentOperation },
    { expectedVersion, attempt }: { expectedVersion?: number; attempt?: Attempt } = {},
  ): Promise<{ entry: Entry; wallet: Balance }> {
    const { currency, reason, operation } = order;
    if (partner.id === me.partner?.id) throw new Refusal('OWN_WALLET');
    if (!isCurrency(currency)) throw new Refusal('CURRENCY_UNKNOWN', { currency });
    return this.wallets.explained(partner.id, currency, () =>
      moveMoney(this.db, attempt, async (tx) => {
        await signChanges(tx, me);
        const before = (await balancesOf(tx, [partner.id])).get(partner.id)?.find((one) => one.currency === currency);
        const amountMinor = adjustmentAmount(operation, order.amountMinor, before?.availableMinor ?? 0);
        // A new balance is counted from the present one, which must not change before it is written.
        const version = expectedVersion ?? (operation === 'set' ? (before?.version ?? 0) : undefined);
        const id = uuidv7();
        const [transactionId] = await this.ledger.post(tx, {
          key: `adjustment:${id}`,
          kind: 'adjustment',
          occurredAt: new Date(),
          postedBy: me.ref,
          reason,
          entries: [
            { account: available(partner.id), currency, amountMinor },
            { account: program('adjustments'), currency, amountMinor: -amountMinor },
          ],
        });
        const entry = await availableEntryOf(tx, transactionId!);
        // The posting locked the wallet: only its own step may lie between the expected version and the one it made.
        if (version !== undefined && entry.accountVersion !== version + 1) {
          throw new Refusal('WALLET_CHANGED');
        }
        const locale = partner.locale ?? (await this.settings.get(tx)).locale;
        await this.mail.send(tx, {
          key: `adjustment:${id}`,
          to: partner.email,
          template: 'walletAdjusted',
          locale,
          params: { name: partner.firstName, amount: formatMoney(locale, { amountMinor, currency }, true), reason },
        });
        const wallets = (await balancesOf(tx, [partner.id])).get(partner.id) ?? [];
        return { entry: entryJson(entry), wallet: wallets.find((wallet) => wallet.currency === currency)! };
      }),
    );
  }
}
