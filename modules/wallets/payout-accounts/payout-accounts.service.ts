import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { electronicFormatIBAN, isValidIBAN } from 'ibantools';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { RecoveryService } from '../../accounts/passwords/recovery.service';
import { signChanges } from '../../audit/audit.queries';
import { Refusal } from '../../kernel/refusal';
import { MailService } from '../../mail/mail.service';
import type { Actor } from '../../web/actor';
import { maskedTarget, pixKey } from './account-number';
import type { PayoutTarget } from './account-number';
import { PayoutAccount } from './payout-account.entity';
import type { PayoutAccountDto } from './payout-accounts.dto';

/** Where partners are paid. Nobody reads a number in full again, and every change is mailed to the partner. @see F49 */
@Injectable()
export class PayoutAccountsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly mail: MailService,
    private readonly recovery: RecoveryService,
  ) {}

  async of(partnerId: string) {
    const account = await this.db.manager.findOneBy(PayoutAccount, { partnerId });
    return account && { ...maskedTarget(account), changedAt: account.changedAt };
  }

  /**
   * Pending withdrawals keep the account they were asked for with.
   * @throws Refusal INVALID_INPUT (field `value`) when banks would not take the number, (field `password`) where it is
   *   missing; WRONG_PASSWORD, TOO_MANY_ATTEMPTS
   */
  async change(me: Actor, account: PayoutAccountDto) {
    const { id: partnerId, email, firstName } = me.partner!;
    const target = targetOf(account);
    await this.recovery.confirm(me, account.password);
    await this.db.transaction('READ COMMITTED', async (tx) => {
      await signChanges(tx, me);
      await tx.upsert(
        PayoutAccount,
        { ...target, partnerId, changedAt: () => 'partner_program.now_ms()' },
        { conflictPaths: ['partnerId'] },
      );
      await this.mail.send(tx, {
        key: `payoutAccount:${uuidv7()}`,
        to: email,
        template: 'payoutAccountChanged',
        locale: me.locale,
        params: { name: firstName, account: maskedTarget(target).value },
      });
    });
    return this.of(partnerId);
  }
}

function targetOf({ kind, value, holder, pixKind }: PayoutAccountDto): PayoutTarget {
  if (kind === 'iban') {
    const iban = electronicFormatIBAN(value) ?? '';
    if (!isValidIBAN(iban)) throw invalid('value', 'IBAN');
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
