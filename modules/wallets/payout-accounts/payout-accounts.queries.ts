import type { EntityManager } from 'typeorm';
import { run } from '../../kernel/query';
import type { PayoutTarget } from './account-number';

export interface PayoutAccountRow extends PayoutTarget {
  readonly changedAt: Date;
  readonly countsFrom: Date;
  /** A change that does not count yet. */
  readonly waits: boolean;
}

const COLUMNS = `kind, value, pix_kind as "pixKind", holder, changed_at as "changedAt", lower(valid) as "countsFrom",
  lower(valid) > partner_program.now_ms() as waits`;

const OF = {
  name: 'payout-accounts-of',
  text: `
    select ${COLUMNS} from partner_program.payout_account
     where partner_id = $1 and (upper_inf(valid) or valid @> partner_program.now_ms())`,
};

/** The account that counts now and the one that will, where there are such. */
export function payoutAccountsOf(tx: EntityManager, partnerId: string): Promise<PayoutAccountRow[]> {
  return run(tx, OF, [partnerId]);
}

const ADD = {
  name: 'payout-accounts-add',
  text: `
    insert into partner_program.payout_account (partner_id, kind, value, pix_kind, holder)
    values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
};

/** @returns the account with the time from which it counts, which the database decides */
export async function addPayoutAccount(
  tx: EntityManager,
  partnerId: string,
  { kind, value, pixKind, holder }: PayoutTarget,
): Promise<PayoutAccountRow> {
  return (await run<PayoutAccountRow>(tx, ADD, [partnerId, kind, value, pixKind, holder]))[0]!;
}

const STOP_CHANGE = {
  name: 'payout-accounts-stop-change',
  text: `
    with stopped as (
      delete from partner_program.payout_account
       where partner_id = $1 and lower(valid) > partner_program.now_ms() returning lower(valid) as began)
    update partner_program.payout_account a set valid = tstzrange(lower(a.valid), null)
      from stopped where a.partner_id = $1 and upper(a.valid) = stopped.began`,
};

/** Lets the present account count on. Nothing happens where no change waits. */
export async function stopPayoutAccountChange(tx: EntityManager, partnerId: string): Promise<void> {
  await run(tx, STOP_CHANGE, [partnerId]);
}
