import type { EntityManager } from 'typeorm';
import type { Locale } from '../../kernel/locale';
import type { Currency, Money } from '../../kernel/money';
import { rows, run } from '../../kernel/query';
import { recordChange, signatureOf, attributeChanges, signing } from '../../platform/audit/audit.queries';
import type { Signature } from '../../platform/audit/audit.queries';
import { reporting } from '../../platform/webhooks/webhooks.queries';
import type { PayoutTarget } from '../payout-accounts/account-number';
import type { PaymentFormat } from './payment-file-entry.entity';
import { WITHDRAWAL_STATUSES } from './withdrawal.entity';
import type { WithdrawalStatus } from './withdrawal.entity';

/** A file for the bank that holds a request. */
export interface BankFile {
  readonly messageId: string;
  readonly format: PaymentFormat;
  readonly at: string;
  /** The name of who had it written. */
  readonly by: string;
}

export interface WithdrawalRow {
  readonly id: string;
  readonly partnerId: string;
  readonly name: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly status: WithdrawalStatus;
  readonly note: string | null;
  readonly payoutAccount: PayoutTarget | null;
  readonly requestedAt: Date;
  readonly settledAt: Date | null;
  /** The name of who settled it. */
  readonly settledBy: string | null;
  readonly reason: string | null;
  readonly reference: string | null;
  /** Of the partner, for mails. */
  readonly email: string;
  readonly locale: Locale | null;
  /** Whether the partner is suspended now. */
  readonly suspended: boolean;
  /** Whether the settings ask for an account and the request names none. */
  readonly lacksAccount: boolean;
  /** The files for the bank that held it, the first one first. */
  readonly files: readonly BankFile[];
  /** What is left in the wallet beside the held amount; below zero after a reversal. */
  readonly availableMinor: number;
}

/** Whether the partner of a withdrawal `w` is suspended now. */
const IS_SUSPENDED = `exists (select from partner_program.suspension s
                  where s.partner_id = w.partner_id and s.valid @> partner_program.now_ms())`;

/** Whether a withdrawal `w` of money names no account although the settings ask for one. */
const LACKS_ACCOUNT = `(w.payout_account is null
                  and (select require_payout_account from partner_program.settings)
                  and not exists (select from partner_program.unit u where u.code = w.currency and not u.is_money))`;

const FILES = `(select coalesce(jsonb_agg(jsonb_build_object('messageId', f.message_id, 'format', f.format, 'at', f.written_at,
                                                       'by', f.written_by_name) order by f.written_at), '[]')
            from partner_program.payment_file_entry f where f.withdrawal_id = w.id)`;

/** @param source the table, or rows of it that a statement has just written */
const select = (source: 'partner_program.withdrawal' | 'written') => `
  select w.id, w.partner_id, p.first_name || ' ' || p.last_name as name,
         w.amount_minor, w.currency, w.status, w.note, w.payout_account,
         w.requested_at, w.settled_at, w.settled_by_name as settled_by, w.reason,
         w.reference, p.email, p.locale,
         ${IS_SUSPENDED} as suspended, ${LACKS_ACCOUNT} as lacks_account, ${FILES} as files,
         coalesce((select a.balance_minor from partner_program.account a
                    where a.holder_id = w.partner_id and a.kind = 'available' and a.currency = w.currency), 0) as available_minor
    from ${source} w join partner_program.partner p on p.id = w.partner_id`;

const SELECT = select('partner_program.withdrawal');

/** What a partner asks for. */
export interface NewWithdrawal {
  readonly id: string;
  readonly partnerId: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  /** Whether it can go to an account; a request in points names none. */
  readonly isMoney: boolean;
  readonly note: string | null;
}

/** What other systems hear of a withdrawal. */
const FACT = `jsonb_build_object('withdrawalId', id, 'partnerId', partner_id, 'amountMinor', amount_minor,
  'currency', currency) as fact`;

const ADD = {
  name: 'withdrawals-add',
  text: `
    with written as (
      insert into partner_program.withdrawal (id, partner_id, amount_minor, currency, note, payout_account)
      select $1, $2::uuid, $3, $4, $5,
             (select jsonb_build_object('kind', kind, 'value', value, 'pixKind', pix_kind, 'holder', holder)
                from partner_program.payout_account
               where partner_id = $2::uuid and valid @> partner_program.now_ms() and $7)
        from partner_program.settings cross join ${signing('$6')}
       where $3 >= coalesce((select m.amount_minor from partner_program.minimum_withdrawal m where m.unit = $4), 0)
         and not (require_acceptance and partner_program.owes_acceptance($2::uuid))
         and (not $7 or not require_payout_account or exists (
                select from partner_program.payout_account
                 where partner_id = $2::uuid and valid @> partner_program.now_ms()))
         and not exists (select from partner_program.account a
                          where a.holder_id = $2::uuid and a.kind = 'available' and a.balance_minor < 0 and a.currency <> $4)
      on conflict (partner_id) where status = 'pending' do nothing
      returning *
    ), announced as (
      insert into partner_program.job (key, kind, payload)
      select 'withdrawalRequested:' || id, 'withdrawalRequested', jsonb_build_object('withdrawalId', id) from written
    ), ${reporting(`'withdrawal.requested'`, `select requested_at as occurred_at, ${FACT} from written`)}
    ${select('written')}`,
};

/**
 * Adds a request with the partner's payout account that counts now, the job of the mails about it, and the event for other
 * systems.
 * @param by signs what the rest of the transaction changes
 * @returns undefined when the settings, a missing payout account, terms that wait for acceptance, a debt in another unit or another pending request do
 *   not allow it
 */
export async function addWithdrawal(
  tx: EntityManager,
  by: Signature,
  { id, partnerId, amountMinor, currency, isMoney, note }: NewWithdrawal,
): Promise<WithdrawalRow | undefined> {
  const params = [id, partnerId, amountMinor, currency, note, signatureOf(by), isMoney];
  return (await rows<WithdrawalRow>(tx, ADD, params))[0];
}

const DEBT_OF = {
  name: 'withdrawals-debt-of',
  text: `
    select balance_minor as amount_minor, currency from partner_program.account
     where holder_id = $1 and kind = 'available' and balance_minor < 0 and currency <> $2 order by currency limit 1`,
};

/** A wallet of the partner that is below zero, in another unit. */
export async function debtOf(tx: EntityManager, partnerId: string, currency: Currency): Promise<Money | undefined> {
  return (await rows<Money>(tx, DEBT_OF, [partnerId, currency]))[0];
}

const ONE = { name: 'withdrawals-one', text: `${SELECT} where w.id = $1` };

export async function withdrawalById(tx: EntityManager, id: string): Promise<WithdrawalRow | undefined> {
  return (await rows<WithdrawalRow>(tx, ONE, [id]))[0];
}

const PENDING_OF = {
  name: 'withdrawals-pending-of',
  text: `${SELECT} where w.partner_id = $1 and w.status = 'pending'`,
};

export async function pendingWithdrawalOf(tx: EntityManager, partnerId: string): Promise<WithdrawalRow | undefined> {
  return (await rows<WithdrawalRow>(tx, PENDING_OF, [partnerId]))[0];
}

/** How a withdrawal ended. */
export interface Settlement {
  readonly status: Exclude<WithdrawalStatus, 'pending'>;
  readonly reason?: string;
  readonly reference?: string;
}

const SETTLE = {
  name: 'withdrawals-settle',
  text: `
    with written as (
      update partner_program.withdrawal w
         set status = $2, settled_at = partner_program.now_ms(), settled_by = $3, settled_by_name = $4, reason = $5,
             reference = $6
        from (select ${signing('$7')}) as signed
       where w.id = $1 and w.status = 'pending' and (w.partner_id is not distinct from $8::uuid) = $9
         and not ($2 = 'paid' and (${IS_SUSPENDED} or ${LACKS_ACCOUNT}))
         and not ($2 = 'cancelled' and exists (
               select from partner_program.payment_file_entry f where f.withdrawal_id = w.id))
      returning w.*
    ), ${reporting(`'withdrawal.' || $2`, `select settled_at as occurred_at, ${FACT} from written`)}
    ${select('written')}`,
};

/**
 * Settles a request that waits, once, whoever else tries at the same moment, and writes the event for other systems.
 * @param by  signs what the rest of the transaction changes
 * @param own whether it must be the own request of who settles it, or must not be
 * @returns the withdrawal as it is now; undefined where there is no such one that waits
 */
export async function settleWithdrawal(
  tx: EntityManager,
  id: string,
  { status, reason, reference }: Settlement,
  by: Signature & { readonly name: string },
  { partnerId, own }: { readonly partnerId: string | undefined; readonly own: boolean },
): Promise<WithdrawalRow | undefined> {
  const settlement = [id, status, by.ref, by.name, reason ?? null, reference ?? null];
  return (await rows<WithdrawalRow>(tx, SETTLE, [...settlement, signatureOf(by), partnerId ?? null, own]))[0];
}

/** What is not asked for is left out, so that one index has the rows in their order. */
const listStatement = (ofPartner: boolean, inStatus: boolean, oldestFirst: boolean) => ({
  name: `withdrawals-list${ofPartner ? '-of-partner' : ''}${inStatus ? '-in-status' : ''}${oldestFirst ? '-oldest' : ''}`,
  text: `${SELECT}
    where ${ofPartner ? 'w.partner_id = $1' : '$1::uuid is null'} and ${inStatus ? 'w.status = $2' : '$2::text is null'}
      and (w.requested_at, w.id) ${oldestFirst ? `> (coalesce($3::timestamptz, '-infinity')` : `< (coalesce($3::timestamptz, 'infinity')`},
                                  coalesce($4::uuid, $5))
    order by w.requested_at ${oldestFirst ? 'asc, w.id asc' : 'desc, w.id desc'} limit $6`,
});
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Withdrawals, the newest first or the oldest. @param after the last one of the page before */
export function listWithdrawals(
  tx: EntityManager,
  { partnerId, status, oldestFirst = false }: { partnerId?: string; status?: WithdrawalStatus; oldestFirst?: boolean },
  { after, limit }: { after?: readonly [requestedAt: string, id: string]; limit: number },
): Promise<WithdrawalRow[]> {
  const statement = listStatement(partnerId !== undefined, status !== undefined, oldestFirst);
  return rows(tx, statement, [
    partnerId ?? null,
    status ?? null,
    after?.[0] ?? null,
    after?.[1] ?? null,
    oldestFirst ? FIRST_ID : LAST_ID,
    limit,
  ]);
}

/** A count that says this much means "or more": further rows are not looked at. */
const COUNTED_AT_MOST = 1_000;

/** In the order of the index: without it a state that nothing is in would be looked for in the whole table. */
const countsStatement = (ofPartner: boolean) => ({
  name: `withdrawals-counts${ofPartner ? '-of-partner' : ''}`,
  text: `
    select status, (select count(*) from (
             select from partner_program.withdrawal w
              where w.status = known.status and ${ofPartner ? 'w.partner_id = $1' : '$1::uuid is null'}
              order by w.requested_at, w.id limit $3) few)::integer as count
      from unnest($2::text[]) as known (status)`,
});

/** How many there are in each state, of this partner or of everybody, counted up to a thousand. */
export async function withdrawalCounts(
  tx: EntityManager,
  partnerId: string | undefined,
): Promise<Record<WithdrawalStatus, number>> {
  const params = [partnerId ?? null, WITHDRAWAL_STATUSES, COUNTED_AT_MOST];
  const statement = countsStatement(partnerId !== undefined);
  const found = await rows<{ status: WithdrawalStatus; count: number }>(tx, statement, params);
  return Object.fromEntries(found.map(({ status, count }) => [status, count])) as Record<WithdrawalStatus, number>;
}

const CHOSEN = {
  name: 'withdrawals-chosen',
  text: `${SELECT} where w.id = any ($1) order by w.requested_at, w.id limit $2`,
};
const PENDING = {
  name: 'withdrawals-pending',
  text: `${SELECT}
    where w.status = 'pending' and ($2 or not exists (select from partner_program.payment_file_entry f
                                                       where f.withdrawal_id = w.id and f.format = $3))
    order by w.requested_at, w.id limit $1`,
};

const COUNT_PENDING = {
  name: 'withdrawals-count-pending',
  text: `select count(*)::integer as count from partner_program.withdrawal where status = 'pending'`,
};

/** How many wait in all. */
export async function countPending(tx: EntityManager): Promise<number> {
  return (await rows<{ count: number }>(tx, COUNT_PENDING))[0]!.count;
}

const LOCK_FILES = {
  name: 'withdrawals-lock-files',
  text: `select pg_advisory_xact_lock(hashtext('partner_program'), hashtext('payment file'))`,
};

/** One file for the bank is written at a time, so that no two hold a request by chance. */
export async function lockPaymentFiles(tx: EntityManager): Promise<void> {
  await run(tx, LOCK_FILES);
}

const MARK_IN_FILE = {
  name: 'withdrawals-mark-in-file',
  text: `
    insert into partner_program.payment_file_entry (withdrawal_id, message_id, format, written_by, written_by_name)
    select id, $2, $3, $4, $5 from unnest($1::uuid[]) as id on conflict on constraint payment_file_entry_pkey do nothing`,
};

/** Notes which file holds these requests; written again, the same file is the same. */
export async function markInFile(
  tx: EntityManager,
  ids: readonly string[],
  { messageId, format }: Pick<BankFile, 'messageId' | 'format'>,
  by: Signature & { readonly name: string },
): Promise<void> {
  await run(tx, MARK_IN_FILE, [ids, messageId, format, by.ref, by.name]);
}

const DIRECT = {
  name: 'withdrawals-direct',
  text: `
    with written as (
      update partner_program.withdrawal w
         set payout_account = jsonb_build_object('kind', a.kind, 'value', a.value, 'pixKind', a.pix_kind, 'holder', a.holder)
        from partner_program.payout_account a cross join (select ${signing('$3')}) as signed
       where w.id = $1 and w.partner_id = $2 and w.status = 'pending' and w.payout_account is null
         and a.partner_id = w.partner_id and a.valid @> partner_program.now_ms()
      returning w.*
    )
    ${select('written')}`,
};

/** Takes the partner's present account over into a request that names none. @returns undefined where there is no such one */
export async function directWithdrawal(
  tx: EntityManager,
  id: string,
  partnerId: string,
  by: Signature,
): Promise<WithdrawalRow | undefined> {
  return (await rows<WithdrawalRow>(tx, DIRECT, [id, partnerId, signatureOf(by)]))[0];
}

/** These withdrawals, whatever their state; the oldest first. */
export function withdrawalsOf(tx: EntityManager, ids: readonly string[], limit: number): Promise<WithdrawalRow[]> {
  return rows(tx, CHOSEN, [ids, limit]);
}

/** Those that wait and stand in no file of a format, with `again` in one too; the oldest first. */
export function withdrawalsToPay(
  tx: EntityManager,
  { format, again }: { readonly format: PaymentFormat; readonly again: boolean },
  limit: number,
): Promise<WithdrawalRow[]> {
  return rows(tx, PENDING, [limit, again, format]);
}

/** Somebody reads the full account numbers of these requests: the audit log says who, request by request. @see S6 F49 */
export async function recordReading(
  tx: EntityManager,
  by: Signature,
  withdrawals: readonly Pick<WithdrawalRow, 'id' | 'partnerId' | 'payoutAccount'>[],
): Promise<void> {
  const reading = { action: 'payoutAccount.read', objectType: 'withdrawal' } as const;
  const read = withdrawals.filter(({ payoutAccount }) => payoutAccount);
  await attributeChanges(tx, by);
  await recordChange(tx, ...read.map(({ id: objectId, partnerId }) => ({ ...reading, objectId, partnerId })));
}
