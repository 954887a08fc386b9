import type { EntityManager } from 'typeorm';
import { rows, run } from '../../../kernel/query';
import type { Retention } from '../../../platform/retention/retention.service';

const CONFIRM = {
  name: 'accounts-email-confirm',
  text: `
    update partner_program.partner set email_confirmed_at = coalesce(email_confirmed_at, partner_program.now_ms())
     where id = $1`,
};

export async function confirmEmail(tx: EntityManager, partnerId: string): Promise<void> {
  await run(tx, CONFIRM, [partnerId]);
}

const REQUEST = {
  name: 'accounts-email-change-request',
  text: `
    insert into partner_program.email_change (partner_id, email, old_confirmed_at)
    values ($1, $2, case when $3 then null else partner_program.now_ms() end)
    on conflict on constraint email_change_pkey do update
       set email = excluded.email, requested_at = partner_program.now_ms(), old_confirmed_at = excluded.old_confirmed_at,
           new_confirmed_at = null`,
};

/** @param oldToo whether the present address has to confirm as well; one that never was confirmed has no say */
export async function requestChange(
  tx: EntityManager,
  partnerId: string,
  { email, oldToo }: { email: string; oldToo: boolean },
): Promise<void> {
  await run(tx, REQUEST, [partnerId, email, oldToo]);
}

export interface ChangeRow {
  readonly email: string;
  readonly requestedAt: Date;
  readonly oldConfirmed: boolean;
  readonly newConfirmed: boolean;
  /** Whether the address belongs to another partner by now. */
  readonly taken: boolean;
}

const CHANGE = {
  name: 'accounts-email-change-of',
  text: `
    select c.email, c.requested_at, c.old_confirmed_at is not null as old_confirmed,
           c.new_confirmed_at is not null as new_confirmed,
           exists (select from partner_program.partner p
                    where lower(p.email) = lower(c.email) and p.status <> 'left' and p.id <> c.partner_id) as taken
      from partner_program.email_change c where c.partner_id = $1`,
};

export async function changeOf(tx: EntityManager, partnerId: string): Promise<ChangeRow | undefined> {
  const [row] = await rows<ChangeRow>(tx, CHANGE, [partnerId]);
  return row;
}

const CONFIRM_END = {
  name: 'accounts-email-change-confirm',
  text: `
    update partner_program.email_change
       set old_confirmed_at = case when $2 = 'changeEmailOld' then partner_program.now_ms() else old_confirmed_at end,
           new_confirmed_at = case when $2 = 'changeEmailNew' then partner_program.now_ms() else new_confirmed_at end
     where partner_id = $1
    returning old_confirmed_at is not null and new_confirmed_at is not null as complete`,
};

/** @returns whether both ends have confirmed */
export async function confirmEnd(
  tx: EntityManager,
  partnerId: string,
  end: 'changeEmailOld' | 'changeEmailNew',
): Promise<boolean> {
  const found = await rows<{ complete: boolean }>(tx, CONFIRM_END, [partnerId, end]);
  return found[0]?.complete ?? false;
}

const APPLY = {
  name: 'accounts-email-change-apply',
  text: `
    with change as (delete from partner_program.email_change where partner_id = $1 returning email)
    update partner_program.partner p set email = change.email, email_confirmed_at = partner_program.now_ms()
      from change where p.id = $1`,
};

/** The new address takes the place of the old one; both are confirmed. */
export async function applyChange(tx: EntityManager, partnerId: string): Promise<void> {
  await run(tx, APPLY, [partnerId]);
}

export const EMAILS_RETENTION: readonly Retention[] = [
  {
    // Its links end after a day; a week later nobody is still looking for the mail.
    name: 'retention-email-changes',
    what: 'changes of address that nobody confirmed',
    days: 7,
    text: `
      delete from partner_program.email_change where partner_id in (
        select partner_id from partner_program.email_change
         where requested_at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
];
