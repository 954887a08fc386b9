import type { EntityManager } from 'typeorm';
import { rows, run } from '../../kernel/query';
import type { PayoutTarget } from './account-number';

export interface PayoutAccountRow extends PayoutTarget {
  readonly changedAt: Date;
  readonly countsFrom: Date;
  /** A change that does not count yet. */
  readonly waits: boolean;
}

const COLUMNS = `kind, value, pix_kind, holder, changed_at, lower(valid) as counts_from,
  lower(valid) > partner_program.now_ms() as waits`;

const OF = {
  name: 'payout-accounts-of',
  text: `
    select ${COLUMNS} from partner_program.payout_account
     where partner_id = $1 and (upper_inf(valid) or valid @> partner_program.now_ms())`,
};

/** The account that counts now and the one that will, where there are such. */
export function payoutAccountsOf(tx: EntityManager, partnerId: string): Promise<PayoutAccountRow[]> {
  return rows(tx, OF, [partnerId]);
}

const HAS = {
  name: 'payout-accounts-has',
  text: `
    select exists (select from partner_program.payout_account
                    where partner_id = $1 and valid @> partner_program.now_ms()) as has`,
};

/** Whether there is an account that counts now. */
export async function hasPayoutAccount(tx: EntityManager, partnerId: string): Promise<boolean> {
  return (await rows<{ has: boolean }>(tx, HAS, [partnerId]))[0]!.has;
}

const LOCK_OWNER = {
  name: 'payout-accounts-lock-owner',
  text: 'select from partner_program.partner where id = $1 for no key update',
};

const FORGET_WAITING = {
  name: 'payout-accounts-forget-waiting',
  text: `
    delete from partner_program.payout_account where partner_id = $1 and lower(valid) > partner_program.now_ms()`,
};

// A change that waited is gone by now, so the account that counts is open-ended again when it is read here.
const ADD = {
  name: 'payout-accounts-add',
  text: `
    with moment as materialized (
      select partner_program.now_ms() as now
    ), present as (
      update partner_program.payout_account a set valid = tstzrange(lower(a.valid), moment.now + $6::interval)
        from moment where a.partner_id = $1 and a.valid @> moment.now
      returning upper(a.valid) as ends
    )
    insert into partner_program.payout_account (partner_id, kind, value, pix_kind, holder, changed_at, valid)
    select $1, $2, $3, $4, $5, now, tstzrange(coalesce((select ends from present), now), null) from moment
    returning ${COLUMNS}`,
};

/**
 * The first account counts at once; a further one after the delay, until which the account before it counts on. A change
 * that still waits gives way to this one.
 */
export async function addPayoutAccount(
  tx: EntityManager,
  partnerId: string,
  { kind, value, pixKind, holder }: PayoutTarget,
  delayHours: number,
): Promise<PayoutAccountRow> {
  await run(tx, LOCK_OWNER, [partnerId]);
  await run(tx, FORGET_WAITING, [partnerId]);
  const params = [partnerId, kind, value, pixKind, holder, `${delayHours} hours`];
  return (await rows<PayoutAccountRow>(tx, ADD, params))[0]!;
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
