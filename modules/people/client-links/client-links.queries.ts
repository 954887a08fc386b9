import type { EntityManager } from 'typeorm';
import { changed, rows, run } from '../../kernel/query';
import type { ClientLink } from './client-link.entity';

/** A referral with the name of who made it. */
export interface ClientLinkRow extends Omit<ClientLink, 'valid'> {
  readonly partnerName: string;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

const SELECT = `
    select l.id, l.partner_id, p.first_name || ' ' || p.last_name as partner_name, l.name, l.email, l.phone, l.tax_id, l.note,
           l.status, l.client_id, lower(l.valid) as valid_from, upper(l.valid) as valid_to, l.reason, l.submitted_at,
           l.decided_at, l.decided_by
      from partner_program.client_link l join partner_program.partner p on p.id = l.partner_id`;

const OF_PARTNER = {
  name: 'client-links-of-partner',
  text: `${SELECT}
     where l.partner_id = $1 and ($2::timestamptz is null or (l.submitted_at, l.id) < ($2, $3::uuid))
     order by l.submitted_at desc, l.id desc limit $4`,
};

/** The referrals of a partner, the newest first. */
export function linksOf(
  tx: EntityManager,
  partnerId: string,
  { after, limit }: { after: readonly [string, string] | null; limit: number },
): Promise<ClientLinkRow[]> {
  return rows(tx, OF_PARTNER, [partnerId, ...(after ?? [null, null]), limit]);
}

const IN_REVIEW = {
  name: 'client-links-in-review',
  text: `${SELECT}
     where l.status = $1 and ($2::timestamptz is null or (l.submitted_at, l.id) > ($2, $3::uuid))
     order by l.submitted_at, l.id limit $4`,
};

/** Those that wait, or those that run, the oldest first. */
export function linksInReview(
  tx: EntityManager,
  status: 'submitted' | 'approved',
  { after, limit }: { after: readonly [string, string] | null; limit: number },
): Promise<ClientLinkRow[]> {
  return rows(tx, IN_REVIEW, [status, ...(after ?? [null, null]), limit]);
}

const COUNTS = {
  name: 'client-links-counts',
  text: `
    select (select count(*) from partner_program.client_link where status = 'submitted') as client_link,
           (select count(*) from partner_program.partner where status = 'awaitingApproval') as registration`,
};

/** How much waits to be looked at, by its kind. */
export async function reviewCounts(tx: EntityManager): Promise<{ clientLink: number; registration: number }> {
  const [row] = await rows<{ clientLink: number; registration: number }>(tx, COUNTS);
  return row!;
}

const BY_ID = { name: 'client-links-by-id', text: `${SELECT} where l.id = $1` };

export async function linkById(tx: EntityManager, id: string): Promise<ClientLinkRow | undefined> {
  return (await rows<ClientLinkRow>(tx, BY_ID, [id]))[0];
}

const IS_SELF = {
  name: 'client-links-is-self',
  text: `
    select lower(p.email) = lower($2) or regexp_replace(p.phone, '[^0-9+]', '', 'g') = $3 as found
      from partner_program.partner p where p.id = $1`,
};

/** Whether an address or a number is the partner's own. */
export async function isSelf(
  tx: EntityManager,
  partnerId: string,
  { email, phone }: { email: string | null; phone: string | null },
): Promise<boolean> {
  const [row] = await rows<{ found: boolean | null }>(tx, IS_SELF, [partnerId, email, phone]);
  return row?.found ?? false;
}

const LOCK_CLIENT = {
  name: 'client-links-lock-client',
  text: `select pg_advisory_xact_lock(hashtextextended('client-link ' || $1, 0))`,
};

/** Lets one approval at a time look at a client: losers would otherwise end as deadlocks of the exclusion. */
export function lockClient(tx: EntityManager, clientId: string): Promise<void> {
  return run(tx, LOCK_CLIENT, [clientId]);
}

const DECIDE = {
  name: 'client-links-decide',
  text: `
    update partner_program.client_link
       set status = $2, client_id = $3, valid = case when $3::text is not null then tstzrange($4, null) end, reason = $5,
           decided_at = coalesce($4, partner_program.now_ms()), decided_by = $6
     where id = $1 and status = 'submitted'`,
};

/** @param decision at a moment of the timeline where a bond begins; else now. @returns whether it still waited */
export async function decide(
  tx: EntityManager,
  id: string,
  decision: {
    status: 'approved' | 'rejected';
    clientId: string | null;
    reason: string | null;
    at: Date | null;
    by: string;
  },
): Promise<boolean> {
  const { status, clientId, reason, at, by } = decision;
  return (await changed(tx, DECIDE, [id, status, clientId, at, reason, by])) === 1;
}

const END = {
  name: 'client-links-end',
  text: `
    update partner_program.client_link
       set status = 'ended', valid = tstzrange(lower(valid), $2), reason = $3, decided_at = $2, decided_by = $4
     where id = $1 and status = 'approved'`,
};

/** @returns whether it was running */
export async function end(
  tx: EntityManager,
  id: string,
  { reason, at, by }: { reason: string; at: Date; by: string },
): Promise<boolean> {
  return (await changed(tx, END, [id, at, reason, by])) === 1;
}
