import type { EntityManager } from 'typeorm';
import type { Locale } from '../../kernel/locale';
import { rows, run } from '../../kernel/query';
import type { Retention } from '../../platform/retention/retention.service';
import type { Invitation } from './invitation.entity';

export const INVITATION_STATUSES = ['sent', 'opened', 'registered', 'expired', 'revoked', 'bounced'] as const;
export type InvitationStatus = (typeof INVITATION_STATUSES)[number];

/** An invitation as its sender sees it. */
export type InvitationRow = Pick<
  Invitation,
  'id' | 'firstName' | 'lastName' | 'email' | 'phone' | 'subject' | 'levelZero' | 'sentFrom' | 'expiresAt' | 'sentAt'
> & { readonly status: InvitationStatus };

const STATUS = `case
  when i.registered_at is not null then 'registered'
  when i.revoked_at is not null then 'revoked'
  when i.expires_at <= partner_program.now_ms() then 'expired'
  when i.bounced_at is not null then 'bounced'
  when i.opened_at is not null then 'opened'
  else 'sent' end`;

const LIST = {
  name: 'invitations-list',
  text: `
    select i.id, i.first_name, i.last_name, i.email, i.phone, i.subject,
           i.level_zero, i.sent_from, i.sent_at, i.expires_at,
           ${STATUS} as status
      from partner_program.invitation i
     where i.inviter_id = $1 and ($2::uuid is null or i.id < $2) and ($3::uuid is null or i.id = $3)
       and ($4::text is null or ${STATUS} = $4)
     order by i.id desc limit $5`,
};

/** What a partner sent, the newest first. @param filter `before` the last one of the page before; or one `id` only */
export function listInvitations(
  tx: EntityManager,
  inviterId: string,
  { before, id, status, limit }: { before?: string; id?: string; status?: InvitationStatus; limit: number },
): Promise<InvitationRow[]> {
  return rows(tx, LIST, [inviterId, before ?? null, id ?? null, status ?? null, limit]);
}

const OBSTACLE = {
  name: 'invitations-obstacle',
  text: `
    select exists (select from partner_program.partner where lower(email) = lower($1) and status <> 'left') as partner,
           exists (select from partner_program.suppressed_address where email_key = lower($1)) as suppressed`,
};

/** Whether an address belongs to a partner, or to somebody who asked not to be written to. */
export async function obstacleAt(tx: EntityManager, email: string): Promise<{ partner: boolean; suppressed: boolean }> {
  const [row] = await rows<{ partner: boolean; suppressed: boolean }>(tx, OBSTACLE, [email]);
  return row!;
}

const RENEW = {
  name: 'invitations-renew',
  text: `
    with renewed as (
      update partner_program.invitation i
         set sent_at = partner_program.now_ms(), expires_at = partner_program.now_ms() + make_interval(days => $3),
             sent_from = $4, sent_from_address = $5, delivered_at = null, bounced_at = null
       where id = $1 and inviter_id = $2 and registered_at is null and revoked_at is null
      returning id
    )
    select i.email, r.id is not null as renewed
      from partner_program.invitation i left join renewed r on r.id = i.id where i.id = $1 and i.inviter_id = $2`,
};

/** Gives an open or expired invitation its whole time again. @returns undefined for one that is not this partner's */
export async function renewInvitation(
  tx: EntityManager,
  { id, inviterId, days }: { id: string; inviterId: string; days: number },
  { sentFrom, address }: { sentFrom: Invitation['sentFrom']; address: string | null },
): Promise<{ email: string; renewed: boolean } | undefined> {
  const [row] = await rows<{ email: string; renewed: boolean }>(tx, RENEW, [id, inviterId, days, sentFrom, address]);
  return row;
}

const REVOKE = {
  name: 'invitations-revoke',
  text: `
    with revoked as (
      update partner_program.invitation set revoked_at = coalesce(revoked_at, partner_program.now_ms())
       where id = $1 and inviter_id = $2 and registered_at is null returning id
    )
    select r.id is not null as revoked
      from partner_program.invitation i left join revoked r on r.id = i.id where i.id = $1 and i.inviter_id = $2`,
};

/** @returns whether it is revoked now; undefined for one that is not this partner's */
export async function revokeInvitation(tx: EntityManager, id: string, inviterId: string): Promise<boolean | undefined> {
  const [row] = await rows<{ revoked: boolean }>(tx, REVOKE, [id, inviterId]);
  return row?.revoked;
}

const REVOKE_ALL = {
  name: 'invitations-revoke-all',
  text: `
    update partner_program.invitation set revoked_at = partner_program.now_ms()
     where inviter_id = $1 and registered_at is null and revoked_at is null`,
};

export async function revokeInvitations(tx: EntityManager, inviterId: string): Promise<void> {
  await run(tx, REVOKE_ALL, [inviterId]);
}

/** What an invitation's mail is written from. */
export type LetterFacts = Pick<
  Invitation,
  'email' | 'firstName' | 'subject' | 'body' | 'locale' | 'sentFrom' | 'sentFromAddress'
> & { readonly inviter: string };

/** Whether it can still be registered with, its sender included. */
const LIVE = `
  i.registered_at is null and i.revoked_at is null and i.expires_at > partner_program.now_ms()
  and inviter.status = 'active'
  and not exists (select from partner_program.suspension s
                   where s.partner_id = inviter.id and s.valid @> partner_program.now_ms())`;

const LETTER = {
  name: 'invitations-letter',
  text: `
    with letter as (
      select i.*, inviter.first_name || ' ' || inviter.last_name as inviter
        from partner_program.invitation i join partner_program.partner inviter on inviter.id = i.inviter_id
       where i.id = $1 and ${LIVE}
         and not exists (select from partner_program.suppressed_address where email_key = lower(i.email))
    ), token as (
      insert into partner_program.invitation_token (token_hash, invitation_id) select $2, id from letter
    )
    select email, first_name, subject, body, locale, sent_from,
           sent_from_address, inviter from letter`,
};

/** What to write, and the hash of the secret that will be in it; undefined when there is nothing to write any more. */
export async function letterOf(
  tx: EntityManager,
  invitationId: string,
  tokenHash: string,
): Promise<LetterFacts | undefined> {
  const [row] = await rows<LetterFacts>(tx, LETTER, [invitationId, tokenHash]);
  return row;
}

const DELIVERED = {
  name: 'invitations-delivered',
  text: `update partner_program.invitation set delivered_at = partner_program.now_ms(), bounced_at = null where id = $1`,
};
const BOUNCED = {
  name: 'invitations-bounced',
  text: `update partner_program.invitation set bounced_at = partner_program.now_ms() where id = $1`,
};
export async function markDelivered(tx: EntityManager, id: string): Promise<void> {
  await run(tx, DELIVERED, [id]);
}

export async function markBounced(tx: EntityManager, id: string): Promise<void> {
  await run(tx, BOUNCED, [id]);
}

/** An invitation that can be registered with, as its link opens it. */
export interface LiveInvitation {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string | null;
  readonly levelZero: boolean;
  readonly locale: Locale;
  readonly inviter: {
    readonly id: string;
    readonly userId: string | null;
    readonly firstName: string;
    readonly lastName: string;
  };
}

const FIND_LIVE = {
  name: 'invitations-find-live',
  text: `
    select i.email, i.first_name, i.last_name, i.phone, i.level_zero, i.locale,
           json_build_object('id', inviter.id, 'userId', inviter.user_id, 'firstName', inviter.first_name,
                             'lastName', inviter.last_name) as inviter
      from partner_program.invitation_token t
      join partner_program.invitation i on i.id = t.invitation_id
      join partner_program.partner inviter on inviter.id = i.inviter_id
     where t.token_hash = $1 and t.used_at is null and ${LIVE}`,
};

export async function findLive(tx: EntityManager, tokenHash: string): Promise<LiveInvitation | undefined> {
  const [row] = await rows<LiveInvitation>(tx, FIND_LIVE, [tokenHash]);
  return row;
}

const OPEN = {
  name: 'invitations-open',
  text: `
    update partner_program.invitation i set opened_at = partner_program.now_ms()
      from partner_program.invitation_token t
     where t.token_hash = $1 and i.id = t.invitation_id and i.opened_at is null and i.registered_at is null`,
};

export async function markOpened(tx: EntityManager, tokenHash: string): Promise<void> {
  await run(tx, OPEN, [tokenHash]);
}

const USE = {
  name: 'invitations-use',
  text: `
    with used as (
      update partner_program.invitation_token t set used_at = partner_program.now_ms()
        from partner_program.invitation i join partner_program.partner inviter on inviter.id = i.inviter_id
       where t.token_hash = $1 and t.used_at is null and i.id = t.invitation_id and ${LIVE}
      returning t.invitation_id
    ), registered as (
      update partner_program.invitation i set registered_at = partner_program.now_ms(), registered_partner_id = $2
        from used where i.id = used.invitation_id and i.registered_at is null and i.revoked_at is null
      returning i.id
    )
    select id from registered`,
};

/** Uses a token up for a partner; of any number at once one succeeds. @returns whether this one did */
export async function useInvitation(tx: EntityManager, tokenHash: string, partnerId: string): Promise<boolean> {
  return (await rows(tx, USE, [tokenHash, partnerId])).length === 1;
}

const JOINED = {
  name: 'invitations-joined',
  text: `
    update partner_program.invitation set registered_at = partner_program.now_ms(), registered_partner_id = $2
     where lower(email) = lower($1) and registered_at is null and revoked_at is null`,
};

/** Closes the open invitations to the address of somebody who has joined. */
export async function markJoined(tx: EntityManager, email: string, partnerId: string): Promise<void> {
  await run(tx, JOINED, [email, partnerId]);
}

const FIND_ADDRESS = {
  name: 'invitations-find-address',
  text: `
    select i.email from partner_program.invitation_token t join partner_program.invitation i on i.id = t.invitation_id
     where t.token_hash = $1`,
};

/** Whose invitation it was, whatever became of it. */
export async function addressOf(tx: EntityManager, tokenHash: string): Promise<string | undefined> {
  const [row] = await rows<{ email: string }>(tx, FIND_ADDRESS, [tokenHash]);
  return row?.email;
}

const OWNER_OF_ADDRESS = {
  name: 'invitations-owner-of-address',
  text: `
    select id, email, first_name, locale from partner_program.partner
     where lower(email) = lower($1) and status <> 'left'`,
};

/** The partner whose address it is. */
export async function ownerOfAddress(
  tx: EntityManager,
  email: string,
): Promise<{ id: string; email: string; firstName: string; locale: Locale | null } | undefined> {
  const [row] = await rows<{ id: string; email: string; firstName: string; locale: Locale | null }>(
    tx,
    OWNER_OF_ADDRESS,
    [email],
  );
  return row;
}

const SUPPRESS = {
  name: 'invitations-suppress',
  text: `
    with suppressed as (
      insert into partner_program.suppressed_address (email_key) values (lower($1))
      on conflict on constraint suppressed_address_pkey do nothing
    )
    update partner_program.invitation set revoked_at = partner_program.now_ms()
     where lower(email) = lower($1) and registered_at is null and revoked_at is null`,
};

/** Nobody writes to this address again, and its open invitations end. */
export async function suppress(tx: EntityManager, email: string): Promise<void> {
  await run(tx, SUPPRESS, [email]);
}

export const INVITATIONS_RETENTION: readonly Retention[] = [
  {
    name: 'retention-invitations',
    what: 'people who did not register, after their invitation expired',
    days: 14,
    text: `
      delete from partner_program.invitation where id in (
        select id from partner_program.invitation
         where registered_at is null and expires_at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
];
