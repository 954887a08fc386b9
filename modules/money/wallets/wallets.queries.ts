import type { EntityManager } from 'typeorm';
import type { Currency } from '../../kernel/money';
import { rows } from '../../kernel/query';
import type { PartnerAccount, PostingKind } from '../../ledger/posting';

/** One movement on an account of a partner, with the balance it led to. */
export interface EntryRow {
  readonly id: string;
  readonly at: Date;
  readonly kind: PostingKind;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly balanceAfterMinor: number;
  readonly contractId: string | null;
  /** As people call the contract, as it was reported last; null where that was never reported. */
  readonly contractNumber: string | null;
  readonly level: number | null;
  readonly description: string;
  readonly accountId: string;
  readonly accountVersion: number;
}

export interface EntryFilter {
  readonly account: PartnerAccount;
  readonly kind?: string;
  /** Commissions of contracts of one's own, or of partners below. */
  readonly source?: 'own' | 'network';
  readonly currency?: string;
  readonly from?: Date;
  readonly to?: Date;
}

const CONTRACT_NUMBER = `(select c.number from partner_program.contract_event c where c.contract_id = e.contract_id
                    order by c.version desc limit 1)`;

/** With a limit that it does not know, PostgreSQL would plan the statement anew at each call. */
const PAGE_SIZES = [26, 51, 101, 501];

const entriesOfSize = (size: number) => ({
  name: `wallets-entries-of-${size}`,
  text: `
    select e.transaction_id || '-' || e.line as id, e.recorded_at as at, e.kind, e.amount_minor,
           e.currency, e.balance_after_minor, e.contract_id,
           ${CONTRACT_NUMBER} as contract_number, e.level,
           coalesce((select t.reason from partner_program.transaction t where t.id = e.transaction_id), e.contract_id, '')
             as description,
           e.account_id, e.account_version
      from (select e.* from partner_program.account a
             cross join lateral (
                     select * from partner_program.entry e
                      where e.account_id = a.id
                        and e.account_version < coalesce(($7::jsonb ->> a.id::text)::bigint, 9e18::bigint)
                        and ($3::text is null or e.kind = $3)
                        and ($9::text is null or (e.level = 0) = ($9 = 'own'))
                        and ($5::timestamptz is null or e.recorded_at >= $5)
                        and ($6::timestamptz is null or e.recorded_at < $6)
                      order by e.account_version desc limit ${size}) e
             where a.holder_id = $1 and a.kind = $2 and ($4::text is null or a.currency = $4)
             order by e.recorded_at desc, e.account_id, e.account_version desc limit $8) e
     order by e.recorded_at desc, e.account_id, e.account_version desc`,
});
const ENTRIES_OF = new Map(PAGE_SIZES.map((size) => [size, entriesOfSize(size)]));

/**
 * Movements of a partner, the newest first, at most as many as the largest page.
 * @param before by account id, the version from which the page before went no further
 */
export function entriesOf(
  tx: EntityManager,
  partnerId: string,
  { account, kind, source, currency, from, to }: EntryFilter,
  { before, limit }: { before: Readonly<Record<string, number>>; limit: number },
): Promise<EntryRow[]> {
  const size = PAGE_SIZES.find((size) => size >= limit) ?? Math.max(...PAGE_SIZES);
  return rows(tx, ENTRIES_OF.get(size)!, [
    partnerId,
    account,
    kind ?? null,
    currency ?? null,
    from ?? null,
    to ?? null,
    JSON.stringify(before),
    limit,
    source ?? null,
  ]);
}

const AVAILABLE_ENTRY_OF = {
  name: 'wallets-available-entry-of',
  text: `
    select e.transaction_id || '-' || e.line as id, e.recorded_at as at, e.kind, e.amount_minor,
           e.currency, e.balance_after_minor, e.contract_id,
           ${CONTRACT_NUMBER} as contract_number, e.level,
           coalesce(t.reason, e.contract_id, '') as description, e.account_id,
           e.account_version
      from partner_program.entry e
      join partner_program.transaction t on t.id = e.transaction_id
      join partner_program.account a on a.id = e.account_id and a.kind = 'available'
     where e.transaction_id = $1 order by e.line limit 1`,
};

/** The movement on an available balance that a transaction consists of. */
export async function availableEntryOf(tx: EntityManager, transactionId: string): Promise<EntryRow> {
  return (await rows<EntryRow>(tx, AVAILABLE_ENTRY_OF, [transactionId]))[0]!;
}
