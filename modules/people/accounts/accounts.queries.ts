import type { EntityManager } from 'typeorm';
import type { Locale } from '../../kernel/locale';
import { rows, run } from '../../kernel/query';

/** A partner with a login of one's own, as far as this room needs it. */
export interface AccountRow {
  readonly partnerId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly emailConfirmed: boolean;
  readonly status: 'active' | 'awaitingApproval';
  readonly locale: Locale | null;
  readonly passwordHash: string;
}

const ACCOUNT = `
    select p.id as partner_id, p.first_name, p.last_name, p.email, p.locale, p.status,
           p.email_confirmed_at is not null as email_confirmed, l.password_hash
      from partner_program.partner p join partner_program.account_login l on l.partner_id = p.id
     where p.status <> 'left'`;

const BY_EMAIL = { name: 'accounts-by-email', text: `${ACCOUNT} and lower(p.email) = $1` };
const BY_PARTNER = { name: 'accounts-by-partner', text: `${ACCOUNT} and p.id = $1` };

/** @param emailKey see {@link emailKey} */
export async function accountByEmail(tx: EntityManager, emailKey: string): Promise<AccountRow | undefined> {
  const [row] = await rows<AccountRow>(tx, BY_EMAIL, [emailKey]);
  return row;
}

export async function accountOf(tx: EntityManager, partnerId: string): Promise<AccountRow | undefined> {
  const [row] = await rows<AccountRow>(tx, BY_PARTNER, [partnerId]);
  return row;
}

const SET_PASSWORD = {
  name: 'accounts-set-password',
  text: `
    update partner_program.account_login set password_hash = $2, password_changed_at = partner_program.now_ms()
     where partner_id = $1`,
};

export async function setPassword(tx: EntityManager, partnerId: string, passwordHash: string): Promise<void> {
  await run(tx, SET_PASSWORD, [partnerId, passwordHash]);
}

/** An address as accounts are looked for by: only A to Z have two cases, in no language anything else. @see F55 */
export function emailKey(email: string): string {
  return email.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
