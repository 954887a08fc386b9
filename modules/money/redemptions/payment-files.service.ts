import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { stringify } from 'csv-stringify/sync';
import { XMLBuilder } from 'fast-xml-parser';
import { isValidIBAN } from 'ibantools';
import { DataSource } from 'typeorm';
import { csvOptions, textCell } from '../../kernel/csv-cells';
import type { Locale } from '../../kernel/locale';
import { Refusal } from '../../kernel/refusal';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { Program } from '../../platform/program/program.service';
import type { Actor } from '../../platform/web/access/actor';
import { Messages } from '../../platform/web/pages/messages.service';
import { creditTransferTree } from './credit-transfer';
import { blocksOf } from './withdrawal-blocks';
import { recordReading, withdrawalsToPay } from './withdrawals.queries';
import type { WithdrawalRow } from './withdrawals.queries';

/** As many payments as one file takes; of more, the oldest come first. */
const MAX_PAYMENTS = 1_000;

export interface PaymentFile {
  readonly content: Buffer;
  readonly name: string;
  readonly type: string;
  /** How many requests that wait are not in it, because they cannot be paid now. */
  readonly leftOut: number;
}

/** What a bank is told to pay. Writing a file pays nothing: each withdrawal is settled when the bank has paid. */
@Injectable()
export class PaymentFilesService implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly messages: Messages,
    private readonly program: Program,
  ) {}

  onModuleInit(): void {
    const { payer } = this.options;
    if (payer && !isValidIBAN(payer.iban)) throw new Error('The option payer.iban of the partner program is no IBAN.');
  }

  /**
   * The payments of these withdrawals, or of every pending one; the audit log knows who read their account numbers.
   * @throws Refusal NOT_FOUND, WITHDRAWAL_NOT_PENDING, UNIT_NOT_MONEY (`currency`, `withdrawalIds`) when one of those
   *   named is in points, or nothing else is there; for pain.001 also NO_PAYER, PAYOUT_ACCOUNT_MISSING
   *   (`withdrawalIds`) when one of those named cannot be paid to an IBAN; WITHDRAWAL_BLOCKED (`blocks`, `withdrawalIds`)
   *   when one of those named cannot be paid now
   * @see P17 P23 F47
   */
  async write(me: Actor, format: 'csv' | 'pain001', ids: readonly string[] | undefined): Promise<PaymentFile> {
    const requests = await withdrawalsToPay(this.db.manager, ids, MAX_PAYMENTS);
    if (ids && requests.length < new Set(ids).size) throw new Refusal('NOT_FOUND');
    const inMoney = this.inMoney(requests, ids !== undefined);
    const blocked = inMoney.filter((request) => blocksOf(request).length > 0);
    if (ids && blocked.length > 0) {
      const blocks = [...new Set(blocked.flatMap(blocksOf))];
      throw new Refusal('WITHDRAWAL_BLOCKED', { blocks, withdrawalIds: blocked.map(({ id }) => id) });
    }
    const withdrawals = inMoney.filter((request) => !blocked.includes(request));
    const settled = withdrawals.find(({ status }) => status !== 'pending');
    if (settled) {
      const { status, settledBy, settledAt } = settled;
      throw new Refusal('WITHDRAWAL_NOT_PENDING', { state: status, settledBy, settledAt });
    }
    const isReported = ({ payoutAccount }: WithdrawalRow) => format === 'csv' || payoutAccount?.kind === 'iban';
    const file = format === 'csv' ? this.csv(withdrawals, me.locale) : this.pain001(withdrawals, ids !== undefined);
    await this.db.transaction((tx) => recordReading(tx, me, withdrawals.filter(isReported)));
    return { ...file, leftOut: blocked.length };
  }

  /** A bank pays money: whatever is asked for in another unit is settled by hand. */
  private inMoney(requests: readonly WithdrawalRow[], named: boolean): readonly WithdrawalRow[] {
    const { units } = this.program.now;
    const others = requests.filter(({ currency }) => !units.of(currency).isMoney);
    if (others.length > 0 && (named || others.length === requests.length)) {
      throw new Refusal('UNIT_NOT_MONEY', {
        currency: others[0]!.currency,
        withdrawalIds: others.map(({ id }) => id),
      });
    }
    return requests.filter((request) => !others.includes(request));
  }

  private csv(withdrawals: readonly WithdrawalRow[], locale: Locale): Omit<PaymentFile, 'leftOut'> {
    const columns = [
      'withdrawal.requested',
      'partners.col_partner',
      'field.holder',
      'payout_account.kind',
      'payout_account.number',
      'history.amount',
      'common.currency',
      'field.note',
      'withdrawal.number',
    ].map((key) => this.messages.text(locale, key));
    const rows = withdrawals.map(({ id, requestedAt, name, payoutAccount, note, ...money }) => [
      requestedAt.toISOString(),
      textCell(name),
      textCell(payoutAccount?.holder ?? ''),
      payoutAccount?.pixKind ?? payoutAccount?.kind ?? '',
      textCell(payoutAccount?.value ?? ''),
      this.messages.amount(locale, money),
      money.currency,
      textCell(note ?? ''),
      id,
    ]);
    const content = Buffer.from(stringify([columns, ...rows], csvOptions(locale)));
    return { content, name: 'payments.csv', type: 'text/csv; charset=utf-8' };
  }

  private pain001(withdrawals: readonly WithdrawalRow[], all: boolean): Omit<PaymentFile, 'leftOut'> {
    const { payer } = this.options;
    if (!payer) throw new Refusal('NO_PAYER');
    const transfers = withdrawals.flatMap(({ id, amountMinor, currency, payoutAccount }) => {
      if (payoutAccount?.kind !== 'iban') return [];
      return [{ id, amountMinor, currency, holder: payoutAccount.holder, iban: payoutAccount.value }];
    });
    if (transfers.length === 0 || (all && transfers.length < withdrawals.length)) {
      const withdrawalIds = withdrawals
        .filter(({ payoutAccount }) => payoutAccount?.kind !== 'iban')
        .map(({ id }) => id);
      throw new Refusal('PAYOUT_ACCOUNT_MISSING', { withdrawalIds });
    }
    const messageId = createHash('sha256').update(JSON.stringify(transfers)).digest('hex').slice(0, 32);
    const purpose = 'Partner program';
    const { units } = this.program.now;
    const tree = creditTransferTree({ messageId, createdAt: new Date(), payer, transfers, units, purpose });
    const builder = new XMLBuilder({ ignoreAttributes: false, format: true });
    return {
      content: Buffer.from(builder.build(tree)),
      name: `payments-${messageId.slice(0, 8)}.xml`,
      type: 'application/xml',
    };
  }
}
