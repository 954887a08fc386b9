import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { decodePlace, sliceOf } from '../../kernel/cursor';
import type { Slice } from '../../kernel/cursor';
import type { Money } from '../../kernel/money';
import { Refusal } from '../../kernel/refusal';
import { transaction } from '../../kernel/transaction';
import type { Balance } from '../../ledger/balances.queries';
import { LedgerService } from '../../ledger/ledger.service';
import { recordChange } from '../../platform/audit/audit.queries';
import type { RepeatableRequest } from '../../platform/idempotency/idempotency.queries';
import { moveMoney } from '../../platform/idempotency/idempotency.service';
import { JobsService } from '../../platform/jobs/jobs.service';
import { NotificationsService } from '../../platform/notifications/notifications.service';
import { programRules } from '../../platform/program/program.queries';
import { Program } from '../../platform/program/program.service';
import type { Actor } from '../../platform/web/access/actor';
import { TermsService } from '../../rules/documents/terms.service';
import { maskedTarget } from '../payout-accounts/account-number';
import { hasPayoutAccount } from '../payout-accounts/payout-accounts.queries';
import { WalletsService } from '../wallets/wallets.service';
import type { Entry } from '../wallets/wallets.service';
import { blocksOf } from './withdrawal-blocks';
import type { WithdrawalBlock } from './withdrawal-blocks';
import { holdOf, payoutOf, returnOf } from './withdrawal-postings';
import type { WithdrawalStatus } from './withdrawal.entity';
import {
  addWithdrawal,
  debtOf,
  directWithdrawal,
  listWithdrawals,
  pendingWithdrawalOf,
  recordReading,
  settleWithdrawal,
  withdrawalById,
  withdrawalCounts,
} from './withdrawals.queries';
import type { BankFile, NewWithdrawal, Settlement, WithdrawalRow } from './withdrawals.queries';

const DETAIL_ENTRIES = 10;
const DETAIL_PAYOUTS = 5;

/** Money that leaves: asked for by the partner, held, then paid, rejected or cancelled, once. @see P16 P17 */
@Injectable()
export class WithdrawalsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly ledger: LedgerService,
    private readonly wallets: WalletsService,
    private readonly program: Program,
    private readonly terms: TermsService,
    private readonly notifications: NotificationsService,
  ) {}

  /**
   * Asks for a payout; the amount waits on hold.
   * @throws Refusal CURRENCY_UNKNOWN, TERMS_NOT_ACCEPTED, PAYOUT_ACCOUNT_MISSING, BELOW_MINIMUM (`minimum`), DEBT_IN_OTHER_UNIT (`amount`) while
   *   another wallet is below zero, WITHDRAWAL_ALREADY_PENDING (`withdrawalId`, `amount`, `requestedAt`),
   *   INSUFFICIENT_FUNDS (`availableMinor`)
   * @see P16 Q4 F44
   */
  request(me: Actor, ask: Money & { readonly note?: string }, repeatable?: RepeatableRequest): Promise<Withdrawal> {
    const { amountMinor, currency, note = null } = ask;
    const partnerId = me.partner!.id;
    const unit = this.program.now.units.find(currency);
    if (!unit) throw new Refusal('CURRENCY_UNKNOWN', { currency });
    const { isMoney } = unit;
    return this.wallets.withBalance(partnerId, currency, () =>
      moveMoney(this.db, repeatable, async (tx) => {
        const withdrawal = await this.open(tx, me, { partnerId, amountMinor, currency, isMoney, note });
        this.jobs.wakeAfter(tx);
        await this.ledger.post(tx, holdOf(withdrawal, me));
        return withdrawalJson(withdrawal);
      }),
    );
  }

  /**
   * Takes the account that counts now over into the own request, where that names none.
   * @throws Refusal NOT_FOUND, WITHDRAWAL_NOT_PENDING, PAYOUT_ACCOUNT_GIVEN, PAYOUT_ACCOUNT_MISSING
   * @see P23
   */
  direct(me: Actor, id: string): Promise<Withdrawal> {
    return transaction(this.db, async (tx) => {
      const directed = await directWithdrawal(tx, id, me.partner!.id, me);
      if (directed) {
        const change = { action: 'withdrawal.directed', objectType: 'withdrawal', objectId: id } as const;
        await recordChange(tx, { ...change, partnerId: directed.partnerId });
        return withdrawalJson(directed);
      }
      const withdrawal = await withdrawalById(tx, id);
      if (withdrawal?.partnerId !== me.partner!.id) throw new Refusal('NOT_FOUND');
      if (withdrawal.status !== 'pending') throw notPending(withdrawal);
      throw new Refusal(withdrawal.payoutAccount ? 'PAYOUT_ACCOUNT_GIVEN' : 'PAYOUT_ACCOUNT_MISSING');
    });
  }

  /**
   * The partner's own change of mind, as long as no bank was told to pay.
   * @throws Refusal NOT_FOUND, WITHDRAWAL_NOT_PENDING, WITHDRAWAL_IN_FILE
   * @see P17
   */
  cancel(me: Actor, id: string, repeatable?: RepeatableRequest): Promise<Withdrawal> {
    return moveMoney(this.db, repeatable, (tx) => this.settle(tx, id, me, { status: 'cancelled' }, { own: true }));
  }

  /**
   * Records that the money was paid: the balance falls in the same transaction.
   * @throws Refusal NOT_FOUND, OWN_WITHDRAWAL, WITHDRAWAL_NOT_PENDING (`state`, `settledBy`, `settledAt`),
   *   WITHDRAWAL_BLOCKED (`blocks`) while the partner is suspended or an account is missing,
   *   INSUFFICIENT_FUNDS (`availableMinor`) when a reversal took the wallet too low meanwhile
   * @see P17 F46 F47
   */
  async pay(me: Actor, id: string, reference: string | undefined, repeatable?: RepeatableRequest): Promise<Withdrawal> {
    return this.settleAsManager(me, id, { status: 'paid', reference }, repeatable);
  }

  /** Frees the amount, with a word to the partner why. @throws Refusal NOT_FOUND, OWN_WITHDRAWAL, WITHDRAWAL_NOT_PENDING */
  async reject(me: Actor, id: string, reason: string, repeatable?: RepeatableRequest): Promise<Withdrawal> {
    return this.settleAsManager(me, id, { status: 'rejected', reason }, repeatable);
  }

  /** One request with what is needed to decide about it; reading its account number is recorded. @throws Refusal NOT_FOUND @see S6 */
  async one(me: Actor, id: string): Promise<WithdrawalDetails> {
    const row = await this.visible(me, id);
    const { partnerId, currency } = row;
    const accountNumber = await this.accountNumber(me, row);
    const wallet = (await this.wallets.ofAll([partnerId])).get(partnerId)?.find((one) => one.currency === currency);
    const ledger = await this.wallets.entries(partnerId, { account: 'available', currency }, { limit: DETAIL_ENTRIES });
    const paid = await listWithdrawals(
      this.db.manager,
      { partnerId, status: 'paid' },
      { limit: DETAIL_PAYOUTS, after: [row.requestedAt.toISOString(), id] },
    );
    return {
      ...listed(me, row, wallet),
      accountNumber,
      entries: ledger.data,
      previousPayouts: paid.map(withdrawalJson),
    };
  }

  /** All of them for holders of `manageBalances`, with each partner's wallet; for a partner the own ones. */
  async list(
    me: Actor,
    { status, oldestFirst }: { status?: WithdrawalStatus; oldestFirst?: boolean },
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<Slice<ListedWithdrawal> & { counts: Record<WithdrawalStatus, number> }> {
    const isManager = me.permissions.has('manageBalances');
    const after = cursor === undefined ? undefined : decodePlace(cursor);
    const filter = { status, oldestFirst, partnerId: isManager ? undefined : me.partner!.id };
    const rows = await listWithdrawals(this.db.manager, filter, { after, limit: limit + 1 });
    const counts = await withdrawalCounts(this.db.manager, filter.partnerId);
    const page = { ...sliceOf(rows, limit, ({ requestedAt, id }) => [requestedAt.toISOString(), id]), counts };
    if (!isManager) return { ...page, data: page.data.map(withdrawalJson) };
    const wallets = await this.wallets.ofAll(page.data.map(({ partnerId }) => partnerId));
    const data = page.data.map((row) =>
      listed(
        me,
        row,
        wallets.get(row.partnerId)?.find(({ currency }) => currency === row.currency),
      ),
    );
    return { ...page, data };
  }

  /** The request that keeps a partner from asking again, if there is one. */
  async pendingOf(partnerId: string): Promise<Withdrawal | undefined> {
    const withdrawal = await pendingWithdrawalOf(this.db.manager, partnerId);
    return withdrawal && withdrawalJson(withdrawal);
  }

  private async open(tx: EntityManager, me: Actor, ask: Omit<NewWithdrawal, 'id'>): Promise<WithdrawalRow> {
    const added = await addWithdrawal(tx, me, { ...ask, id: uuidv7() });
    if (added) return added;
    const { minimumWithdrawals, requireAcceptance, requirePayoutAccount } = (await programRules(tx))!;
    if (requireAcceptance && (await this.terms.owesAcceptance(tx, ask.partnerId)))
      throw new Refusal('TERMS_NOT_ACCEPTED');
    if (requirePayoutAccount && ask.isMoney && !(await hasPayoutAccount(tx, ask.partnerId))) {
      throw new Refusal('PAYOUT_ACCOUNT_MISSING');
    }
    const minimum = minimumWithdrawals.find(({ unit }) => unit === ask.currency);
    if (minimum && ask.amountMinor < minimum.amountMinor) {
      throw new Refusal('BELOW_MINIMUM', { minimum: { amountMinor: minimum.amountMinor, currency: ask.currency } });
    }
    const debt = await debtOf(tx, ask.partnerId, ask.currency);
    if (debt) throw new Refusal('DEBT_IN_OTHER_UNIT', { amount: debt });
    const pending = await pendingWithdrawalOf(tx, ask.partnerId);
    if (!pending) return this.open(tx, me, ask); // what stood in the way is gone in this very moment
    const { id: withdrawalId, amountMinor, currency, requestedAt } = pending;
    throw new Refusal('WITHDRAWAL_ALREADY_PENDING', { withdrawalId, amount: { amountMinor, currency }, requestedAt });
  }

  private async visible(me: Actor, id: string): Promise<WithdrawalRow> {
    const withdrawal = await withdrawalById(this.db.manager, id);
    if (withdrawal && (me.permissions.has('manageBalances') || withdrawal.partnerId === me.partner?.id))
      return withdrawal;
    throw new Refusal('NOT_FOUND');
  }

  /** In full for whoever may settle it, and then the audit log knows who read it. @see S6 */
  private async accountNumber(me: Actor, row: WithdrawalRow): Promise<string | null> {
    if (!row.payoutAccount || !maySettle(me, row)) return null;
    await this.db.transaction((tx) => recordReading(tx, me, [row]));
    return row.payoutAccount.value;
  }

  private async settleAsManager(
    me: Actor,
    id: string,
    outcome: Settlement,
    repeatable?: RepeatableRequest,
  ): Promise<Withdrawal> {
    try {
      return await moveMoney(this.db, repeatable, async (tx) => {
        const settled = await this.settle(tx, id, me, outcome, { own: false });
        await this.notifications.notify(tx, { kind: 'withdrawal', about: id }, settled.partnerId);
        return settled;
      });
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'INSUFFICIENT_FUNDS')) throw error;
      const { partnerId, currency } = await this.visible(me, id);
      return this.wallets.withBalance(partnerId, currency, () => Promise.reject(error));
    }
  }

  /** @param own whether only the partner's own request may be settled so, or only that of somebody else */
  private async settle(
    tx: EntityManager,
    id: string,
    me: Actor,
    outcome: Settlement,
    { own }: { readonly own: boolean },
  ): Promise<Withdrawal> {
    const settled = await settleWithdrawal(tx, id, outcome, me, { partnerId: me.partner?.id, own });
    if (!settled) throw await this.whyNot(tx, id, me, own);
    this.jobs.wakeAfter(tx);
    await this.ledger.post(tx, outcome.status === 'paid' ? payoutOf(settled, me) : returnOf(settled, me));
    return withdrawalJson(settled);
  }

  private async whyNot(tx: EntityManager, id: string, me: Actor, own: boolean): Promise<Refusal> {
    const withdrawal = await withdrawalById(tx, id);
    const isMine = withdrawal?.partnerId === me.partner?.id;
    if (!withdrawal || (own && !isMine)) return new Refusal('NOT_FOUND');
    if (!own && isMine) return new Refusal('OWN_WITHDRAWAL');
    if (own && withdrawal.status === 'pending') return new Refusal('WITHDRAWAL_IN_FILE');
    const blocks = blocksOf(withdrawal);
    return blocks.length > 0 ? new Refusal('WITHDRAWAL_BLOCKED', { blocks }) : notPending(withdrawal);
  }
}

export type Withdrawal = ReturnType<typeof withdrawalJson>;
export interface ListedWithdrawal extends Withdrawal {
  /** The partner's wallet in the currency of the request. */
  readonly wallet?: Balance;
  /** A reversal took the wallet so low that paying would be refused: correct the balance or reject. */
  readonly balanceTooLow?: boolean;
  /** The files for the bank that held it. */
  readonly files?: readonly BankFile[];
  /** Why nobody may pay it now, or why who looks at it may not. */
  readonly blocks?: readonly WithdrawalBlock[];
  /** Whether who looks at it may pay it now. */
  readonly payable?: boolean;
}

/** What its page shows besides: the partner's last movements in its currency, and what was paid out before it. */
export interface WithdrawalDetails extends ListedWithdrawal {
  /** In full for whoever may settle it; null for everybody else. */
  readonly accountNumber: string | null;
  readonly entries: readonly Entry[];
  readonly previousPayouts: readonly Withdrawal[];
}

function maySettle(me: Actor, { partnerId }: WithdrawalRow): boolean {
  return me.permissions.has('manageBalances') && partnerId !== me.partner?.id;
}

function listed(me: Actor, row: WithdrawalRow, wallet: Balance | undefined): ListedWithdrawal {
  const isOwn = row.status === 'pending' && row.partnerId === me.partner?.id && me.permissions.has('manageBalances');
  const blocks = [...blocksOf(row), ...(isOwn ? ['OWN_WITHDRAWAL' as const] : [])];
  const payable = row.status === 'pending' && blocks.length === 0 && maySettle(me, row);
  const { files } = row;
  return { ...withdrawalJson(row), files, wallet, balanceTooLow: blocks.includes('BALANCE_TOO_LOW'), blocks, payable };
}

function withdrawalJson({
  email: _email,
  locale: _locale,
  suspended: _suspended,
  lacksAccount: _lacks,
  files: _files,
  availableMinor: _available,
  payoutAccount,
  ...withdrawal
}: WithdrawalRow) {
  return { ...withdrawal, account: payoutAccount && maskedTarget(payoutAccount) };
}

function notPending({ status, settledBy, settledAt }: WithdrawalRow): Refusal {
  return new Refusal('WITHDRAWAL_NOT_PENDING', { state: status, settledBy, settledAt });
}
