import type { EntityManager } from 'typeorm';
import { rows, run } from '../../../kernel/query';

const DUE = {
  name: 'erasure-due',
  text: `
    select p.id from partner_program.partner p
     where p.status = 'left' and p.erased_at is null
       and p.left_at <= partner_program.now_ms() - make_interval(days => $1)
       and not exists (select from partner_program.account a where a.holder_id = p.id and a.balance_minor <> 0)
       and not exists (select from partner_program.withdrawal w where w.partner_id = p.id and w.status = 'pending')
     order by p.left_at limit $2 for update skip locked`,
};

/** Who left so many days ago and whose money is settled. They stay as they are until the transaction ends. */
export async function dueForErasure(tx: EntityManager, days: number, limit: number): Promise<string[]> {
  const found = await rows<{ id: string }>(tx, DUE, [days, limit]);
  return found.map(({ id }) => id);
}

/**
 * Where people are known besides the ledger and what is calculated from; both name ids only. Each statement takes the
 * ids of those who are forgotten; their own row comes last, because the others still compare with it.
 */
const ERASURES = [
  {
    name: 'erasure-jobs',
    // Mails that were sent, or given up: to the person, about the person, or naming the person to somebody else.
    text: `
      delete from partner_program.job j
       where j.status <> 'waiting' and j.kind not in ('contract', 'release')
         and exists (select from partner_program.partner p, jsonb_path_query(j.payload, 'strict $.**') as word
                      where p.id = any ($1)
                        and (lower(word #>> '{}') = lower(p.email)
                          or word #>> '{}' in (p.id::text, p.first_name || ' ' || p.last_name)))`,
  },
  {
    name: 'erasure-invitations',
    text: `delete from partner_program.invitation where inviter_id = any ($1) or registered_partner_id = any ($1)`,
  },
  {
    name: 'erasure-level-zero-links',
    text: `delete from partner_program.level_zero_link where partner_id = any ($1)`,
  },
  {
    name: 'erasure-answers',
    text: `
      delete from partner_program.idempotency_key k using partner_program.partner p
       where p.id = any ($1) and k.actor in ('partner:' || p.id, 'user:' || p.user_id)`,
  },
  {
    name: 'erasure-payout-accounts',
    text: `delete from partner_program.payout_account where partner_id = any ($1)`,
  },
  {
    name: 'erasure-withdrawals',
    // Where money went stays with the payment, without the name: the books need it for some years.
    text: `
      update partner_program.withdrawal
         set note = null, payout_account = case when status = 'paid' then payout_account || '{"holder": ""}' end
       where partner_id = any ($1) and (note is not null or payout_account is not null)`,
  },
  {
    name: 'erasure-acceptances',
    // That the terms were accepted, and when, stays; from which address of the network does not.
    text: `update partner_program.terms_acceptance set ip = null where partner_id = any ($1) and ip is not null`,
  },
  {
    name: 'erasure-audit-addresses',
    // What was done stays; what a CRM user did for others, as one of the staff, keeps its address for as long as any.
    text: `
      update partner_program.audit_record r set ip = null from partner_program.partner p
       where p.id = any ($1) and r.actor in ('partner:' || p.id, 'user:' || p.user_id)
         and (r.actor like 'partner:%' or r.partner_id = p.id) and r.ip is not null`,
  },
  {
    name: 'erasure-lists',
    text: `update partner_program.partner_path set name_key = ' ' where partner_id = any ($1)`,
  },
  {
    name: 'erasure-partner',
    text: `
      update partner_program.partner
         set first_name = '', last_name = '', email = '', phone = null, locale = null, client_id = null,
             erased_at = partner_program.now_ms()
       where id = any ($1)`,
  },
];

export async function erase(tx: EntityManager, partnerIds: readonly string[]): Promise<void> {
  for (const statement of ERASURES) await run(tx, statement, [partnerIds]);
}

const LAPSED = {
  name: 'erasure-lapsed-registrations',
  text: `
    select p.id from partner_program.partner p
     where p.email_confirmed_at is null and p.user_id is null and p.status <> 'left'
       and p.joined_at <= partner_program.now_ms() - make_interval(days => $1)
       and not exists (select from partner_program.placement below where below.sponsor_id = p.id)
       and not exists (select from partner_program.account a where a.holder_id = p.id)
     order by p.joined_at limit $2`,
};

/**
 * Registrations that nobody confirmed for so many days. Whoever has a downline, or ever had, or any entry in the ledger,
 * is not among them.
 */
export async function lapsedRegistrations(tx: EntityManager, days: number, limit: number): Promise<string[]> {
  const found = await rows<{ id: string }>(tx, LAPSED, [days, limit]);
  return found.map(({ id }) => id);
}
