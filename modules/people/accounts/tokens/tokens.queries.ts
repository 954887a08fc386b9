import { IsNull } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { rows, run } from '../../../kernel/query';
import { newSecret, secretHash } from '../../../kernel/token';
import type { Retention } from '../../../platform/retention/retention.service';
import { OneTimeToken } from './one-time-token.entity';
import type { TokenPurpose } from './one-time-token.entity';

/** How long a mailed link works. */
const MINUTES: Readonly<Record<TokenPurpose, number>> = {
  confirmEmail: 48 * 60,
  resetPassword: 60,
  changeEmailOld: 24 * 60,
  changeEmailNew: 24 * 60,
};

/** What a link lets its holder do, and to which address it was mailed. */
export interface TokenFacts {
  readonly partnerId: string;
  readonly purpose: TokenPurpose;
  readonly email: string;
}

const ADD = {
  name: 'accounts-token-add',
  text: `
    insert into partner_program.one_time_token (id, token_hash, purpose, partner_id, email, expires_at)
    values ($1, $2, $3, $4, $5, partner_program.now_ms() + make_interval(mins => $6))`,
};

/**
 * A new secret for a link, which stands nowhere but in the mail it is written into.
 *
 * @param retireOthers whether earlier links for the same stop working
 */
export async function addToken(
  tx: EntityManager,
  { partnerId, purpose, email }: TokenFacts,
  { retireOthers }: { retireOthers: boolean },
): Promise<string> {
  if (retireOthers) await tx.delete(OneTimeToken, { partnerId, purpose, usedAt: IsNull() });
  const secret = newSecret();
  await run(tx, ADD, [uuidv7(), secretHash(secret), purpose, partnerId, email, MINUTES[purpose]]);
  return secret;
}

// A link is worth nothing any more once the address it was mailed to is no longer the one it is about.
const ACTIVE = `
  t.token_hash = $1 and t.purpose = any ($2) and t.used_at is null and t.expires_at > partner_program.now_ms()
  and p.id = t.partner_id and p.status <> 'left'
  and t.email = case when t.purpose = 'changeEmailNew'
    then (select c.email from partner_program.email_change c where c.partner_id = t.partner_id) else p.email end`;

const LOOK = {
  name: 'accounts-token-look',
  text: `
    select t.partner_id, t.purpose, t.email
      from partner_program.one_time_token t, partner_program.partner p where ${ACTIVE}`,
};

/** What an active link is for; looking at it changes nothing. @see F58 */
export async function lookAtToken(
  tx: EntityManager,
  secret: string,
  purposes: readonly TokenPurpose[],
): Promise<TokenFacts | undefined> {
  const [row] = await rows<TokenFacts>(tx, LOOK, [secretHash(secret), purposes]);
  return row;
}

const USE = {
  name: 'accounts-token-use',
  text: `
    update partner_program.one_time_token t set used_at = partner_program.now_ms()
      from partner_program.partner p where ${ACTIVE}
    returning t.partner_id, t.purpose, t.email`,
};

/** Uses a link up, in the transaction of what it lets its holder do: one of many at once gets it. @see F54 */
export async function useToken(
  tx: EntityManager,
  secret: string,
  purposes: readonly TokenPurpose[],
): Promise<TokenFacts | undefined> {
  const found = await rows<TokenFacts>(tx, USE, [secretHash(secret), purposes]);
  return found[0];
}

const CONFIRMED = {
  name: 'accounts-token-confirmed',
  text: `
    select t.partner_id, t.purpose, t.email
      from partner_program.one_time_token t join partner_program.partner p on p.id = t.partner_id
     where t.token_hash = $1 and t.purpose = 'confirmEmail' and t.email = p.email and p.email_confirmed_at is not null
       and p.status <> 'left'`,
};

/** What a link was for that confirmed an address, or came too late to: the address is confirmed already. */
export async function alreadyConfirmed(tx: EntityManager, secret: string): Promise<TokenFacts | undefined> {
  const [row] = await rows<TokenFacts>(tx, CONFIRMED, [secretHash(secret)]);
  return row;
}

export const TOKENS_RETENTION: readonly Retention[] = [
  {
    // So that no link comes to life again when the clock of the database is put back. @see F15
    name: 'retention-links-end',
    what: 'the use of links that have expired',
    days: 0,
    everySeconds: 60,
    text: `
      update partner_program.one_time_token set used_at = partner_program.now_ms() where id in (
        select id from partner_program.one_time_token
         where used_at is null and expires_at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
  {
    name: 'retention-links',
    what: 'mailed links that have expired',
    days: 30,
    text: `
      delete from partner_program.one_time_token where id in (
        select id from partner_program.one_time_token
         where expires_at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
];
