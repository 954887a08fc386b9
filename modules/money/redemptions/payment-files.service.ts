import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { stringify } from 'csv-stringify/sync';
import { XMLBuilder } from 'fast-xml-parser';
import { isValidIBAN } from 'ibantools';
import { DataSource } from 'typeorm';
import { currentTime } from '../../kernel/clock';
import { csvOptions, textCell, timeCell } from '../../kernel/csv-cells';
import type { Locale } from '../../kernel/locale';
import { Refusal } from '../../kernel/refusal';
import { transaction } from '../../kernel/transaction';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { Program } from '../../platform/program/program.service';
import type { Actor } from '../../platform/web/access/actor';
import { Messages } from '../../platform/web/pages/messages.service';
import { creditTransferTree } from './credit-transfer';
import type { PaymentFormat } from './payment-file-entry.entity';
import { blocksOf } from './withdrawal-blocks';
import {
  countPending,
  lockPaymentFiles,
  markInFile,
  recordReading,
  withdrawalsOf,
  withdrawalsToPay,
} from './withdrawals.queries';
import type { WithdrawalRow } from './withdrawals.queries';

/** As many payments as one file takes; of more, the oldest come first, and the next file holds the rest. */
const MAX_PAYMENTS = 1_000;

export interface PaymentFile {
  readonly content: Buffer;
  readonly name: string;
  readonly type: string;
  /** How many requests that wait are not in it: they cannot be paid now, another file holds them, or they did not fit in. */
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
   * The payments of these withdrawals, or of every pending one that no file of this format holds yet (with `again`, of those
   * too). The audit
   * log knows who read their account numbers, and each request in which files it is.
   * @throws Refusal NOT_FOUND, WITHDRAWAL_NOT_PENDING, UNIT_NOT_MONEY (`currency`, `withdrawalIds`) when one of those
   *   named is in points, or nothing else is there; for pain.001 also NO_PAYER, IBAN_MISSING
   *   (`withdrawalIds`) when one of those named, or nobody, can be paid to an IBAN, NOTHING_TO_PAY; WITHDRAWAL_BLOCKED (`blocks`, `withdrawalIds`)
   *   when one of those named cannot be paid now
   * @see P17 P23 F47
   */
  write(
    me: Actor,
    format: PaymentFormat,
    { ids, again = false }: { readonly ids?: readonly string[]; readonly again?: boolean },
  ): Promise<PaymentFile> {
    return transaction(this.db, async (tx) => {
      await lockPaymentFiles(tx);
      const withdrawals = ids
        ? this.named(await withdrawalsOf(tx, ids, MAX_PAYMENTS), ids)
        : this.free(await withdrawalsToPay(tx, { format, again }, MAX_PAYMENTS));
      const isReported = ({ payoutAccount }: WithdrawalRow) => format === 'csv' || payoutAccount?.kind === 'iban';
      const held = withdrawals.filter(isReported);
      const messageId = messageIdOf(held);
      const file =
        format === 'csv' ? this.csv(withdrawals, me.locale) : this.pain001(withdrawals, messageId, ids !== undefined);
      await recordReading(tx, me, held);
      await markInFile(
        tx,
        held.map(({ id }) => id),
        { messageId, format },
        me,
      );
      return { ...file, leftOut: ids ? 0 : (await countPending(tx)) - withdrawals.length };
    });
  }

  /** Those asked for by name, in a file or not: all of them, or a word why not. */
  private named(requests: readonly WithdrawalRow[], ids: readonly string[]): readonly WithdrawalRow[] {
    if (requests.length < new Set(ids).size) throw new Refusal('NOT_FOUND');
    const withdrawals = this.inMoney(requests, true);
    const blocked = withdrawals.filter((request) => blocksOf(request).length > 0);
    if (blocked.length > 0) {
      const blocks = [...new Set(blocked.flatMap(blocksOf))];
      throw new Refusal('WITHDRAWAL_BLOCKED', { blocks, withdrawalIds: blocked.map(({ id }) => id) });
    }
    const settled = withdrawals.find(({ status }) => status !== 'pending');
    if (settled) {
      const { status, settledBy, settledAt } = settled;
      throw new Refusal('WITHDRAWAL_NOT_PENDING', { state: status, settledBy, settledAt });
    }
    return withdrawals;
  }

  /** Whatever of them can be paid now. */
  private free(requests: readonly WithdrawalRow[]): readonly WithdrawalRow[] {
    return this.inMoney(requests, false).filter((request) => blocksOf(request).length === 0);
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
    const { timeZone } = this.program.now;
    columns[0] += ` (${timeZone})`;
    const rows = withdrawals.map(({ id, requestedAt, name, payoutAccount, note, ...money }) => [
      timeCell(requestedAt, timeZone),
      textCell(name),
      textCell(payoutAccount?.holder ?? ''),
      payoutAccount?.pixKind ?? payoutAccount?.kind ?? '',
      payoutAccount?.value ?? '', // for machines; its form was checked when it was given
      this.messages.amount(locale, money),
      money.currency,
      textCell(note ?? ''),
      id,
    ]);
    const content = Buffer.from(stringify([columns, ...rows], csvOptions(locale)));
    return { content, name: 'payments.csv', type: 'text/csv; charset=utf-8' };
  }

  private pain001(
    withdrawals: readonly WithdrawalRow[],
    messageId: string,
    all: boolean,
  ): Omit<PaymentFile, 'leftOut'> {
    const { payer } = this.options;
    if (!payer) throw new Refusal('NO_PAYER');
    const transfers = withdrawals.flatMap(({ id, amountMinor, currency, payoutAccount }) => {
      if (payoutAccount?.kind !== 'iban') return [];
      return [{ id, amountMinor, currency, holder: payoutAccount.holder, iban: payoutAccount.value }];
    });
    if (withdrawals.length === 0) throw new Refusal('NOTHING_TO_PAY');
    if (transfers.length === 0 || (all && transfers.length < withdrawals.length)) {
      const withdrawalIds = withdrawals
        .filter(({ payoutAccount }) => payoutAccount?.kind !== 'iban')
        .map(({ id }) => id);
      throw new Refusal('IBAN_MISSING', { withdrawalIds });
    }
    const purpose = 'Partner program';
    const { units } = this.program.now;
    const tree = creditTransferTree({
      messageId,
      createdAt: currentTime(),
      timeZone: this.program.now.timeZone,
      payer,
      transfers,
      units,
      purpose,
    });
    const builder = new XMLBuilder({ ignoreAttributes: false, format: true });
    return {
      content: Buffer.from(builder.build(tree)),
      name: `payments-${messageId.slice(0, 8)}.xml`,
      type: 'application/xml',
    };
  }
}

/** The same payments have the same name, whoever writes them down. */
function messageIdOf(withdrawals: readonly WithdrawalRow[]): string {
  const payments = withdrawals.map(({ id, amountMinor, currency, payoutAccount }) => [
    id,
    amountMinor,
    currency,
    payoutAccount,
  ]);
  return createHash('sha256').update(JSON.stringify(payments)).digest('hex').slice(0, 32);
}
