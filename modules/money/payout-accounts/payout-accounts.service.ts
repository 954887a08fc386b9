import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { isValidIBAN } from 'ibantools';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { isBankName } from '../../kernel/bank-text';
import { Refusal } from '../../kernel/refusal';
import { transaction } from '../../kernel/transaction';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { RecoveryService } from '../../people/accounts/passwords/recovery.service';
import { attributeChanges } from '../../platform/audit/audit.queries';
import { MailService } from '../../platform/mail/mail.service';
import type { Actor } from '../../platform/web/access/actor';
import { Messages } from '../../platform/web/pages/messages.service';
import { ibanOf, maskedTarget, pixKey } from './account-number';
import type { PayoutTarget } from './account-number';
import type { PayoutAccountDto } from './payout-accounts.dto';
import { addPayoutAccount, payoutAccountsOf, stopPayoutAccountChange } from './payout-accounts.queries';
import type { PayoutAccountRow } from './payout-accounts.queries';

/** The table holds the same: a partner has so long to stop a change that somebody else made. */
const CHANGE_DELAY_HOURS = 72;

/**
 * Where partners are paid. Nobody reads a number in full again, every change is mailed to the partner, and a changed
 * account counts only after 72 hours, in which the partner can still stop it.
 * @see F49
 */
@Injectable()
export class PayoutAccountsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly mail: MailService,
    private readonly messages: Messages,
    private readonly recovery: RecoveryService,
  ) {}

  /** The account of requests made now, and the one of requests made once a change counts; null where there is none. */
  async of(partnerId: string): Promise<PayoutAccounts> {
    const accounts = await payoutAccountsOf(this.db.manager, partnerId);
    const shown = (isNext: boolean) => {
      const found = accounts.find(({ waits }) => waits === isNext);
      if (!found) return null;
      return { ...maskedTarget(found), changedAt: found.changedAt, countsFrom: found.countsFrom };
    };
    return { account: shown(false), nextAccount: shown(true) };
  }

  /**
   * Pending withdrawals keep the account they were asked for with.
   * @throws Refusal INVALID_INPUT (field `value`) when banks would not take the number, (field `password`) where it is
   *   missing, (field `holder`) for an IBAN whose holder no bank can read; WRONG_PASSWORD, TOO_MANY_ATTEMPTS
   */
  async change(me: Actor, account: PayoutAccountDto): Promise<PayoutAccounts> {
    const partnerId = me.partner!.id;
    const target = targetOf(account);
    await this.recovery.confirm(me, account.password);
    await transaction(this.db, async (tx) => {
      await attributeChanges(tx, me);
      await this.inform(tx, me, await addPayoutAccount(tx, partnerId, target, CHANGE_DELAY_HOURS));
    });
    return this.of(partnerId);
  }

  /** The present account counts on. Asks for no password: it sends money nowhere that it did not go before. */
  async stopChange(me: Actor): Promise<PayoutAccounts> {
    const partnerId = me.partner!.id;
    await transaction(this.db, async (tx) => {
      await attributeChanges(tx, me);
      await stopPayoutAccountChange(tx, partnerId);
    });
    return this.of(partnerId);
  }

  private async inform(tx: EntityManager, { partner, locale }: Actor, account: PayoutAccountRow): Promise<void> {
    const { email: to, firstName: name } = partner!;
    const params = { name, account: maskedTarget(account).value };
    const key = `payoutAccount:${uuidv7()}`;
    if (!account.waits) return this.mail.send(tx, { key, to, template: 'payoutAccountGiven', locale, params });
    await this.mail.send(tx, {
      key,
      to,
      template: 'payoutAccountChanged',
      locale,
      params: {
        ...params,
        date: this.messages.date(locale, account.countsFrom, true),
        link: `${this.options.publicUrl}/partner-program/payout-account`,
      },
    });
  }
}

/** An account as its partner sees it. */
type ShownAccount = ReturnType<typeof maskedTarget> & Pick<PayoutAccountRow, 'changedAt' | 'countsFrom'>;

export interface PayoutAccounts {
  readonly account: ShownAccount | null;
  /** A changed account that does not count yet. */
  readonly nextAccount: ShownAccount | null;
}

function targetOf({ kind, value, holder, pixKind }: PayoutAccountDto): PayoutTarget {
  if (kind === 'iban') {
    const iban = ibanOf(value);
    if (!isValidIBAN(iban)) throw invalid('value', 'IBAN');
    if (!isBankName(holder)) throw invalid('holder', 'LATIN_LETTERS');
    return { kind, value: iban, pixKind: null, holder };
  }
  if (!pixKind) throw invalid('pixKind', 'IS_IN');
  const key = pixKey(pixKind, value);
  if (key === null) throw invalid('value', 'PIX_KEY');
  return { kind, value: key, pixKind, holder };
}

function invalid(field: string, code: string): Refusal {
  return new Refusal('INVALID_INPUT', { errors: [{ field, code, params: {} }] });
}
