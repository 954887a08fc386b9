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
   * @param change          signed, not zero
   * @param expectedVersion of the wallet, when the correction was made looking at it
   * @throws Refusal OWN_WALLET, CURRENCY_UNKNOWN, INSUFFICIENT_FUNDS (`availableMinor`), WALLET_CHANGED (`wallet`)
   */
  adjust(
    me: Actor,
    partner: Partner,
    change: Money & { readonly reason: string },
    { expectedVersion, attempt }: { expectedVersion?: number; attempt?: Attempt } = {},
  ): Promise<{ entry: Entry; wallet: Balance }> {
    const { amountMinor, currency, reason } = change;
    if (partner.id === me.partner?.id) throw new Refusal('OWN_WALLET');
    if (!isCurrency(currency)) throw new Refusal('CURRENCY_UNKNOWN', { currency });
    return this.wallets.explained(partner.id, currency, () =>
      moveMoney(this.db, attempt, async (tx) => {
        await signChanges(tx, me);
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
        if (expectedVersion !== undefined && entry.accountVersion !== expectedVersion + 1) {
          throw new Refusal('WALLET_CHANGED');
        }
        const locale = partner.locale ?? (await this.settings.get(tx)).locale;
        await this.mail.send(tx, {
          key: `adjustment:${id}`,
          to: partner.email,
          template: 'walletAdjusted',
          locale,
          params: { name: partner.firstName, amount: formatMoney(locale, change, true), reason },
        });
        const wallets = (await balancesOf(tx, [partner.id])).get(partner.id) ?? [];
        return { entry: entryJson(entry), wallet: wallets.find((wallet) => wallet.currency === currency)! };
      }),
    );
  }
}
