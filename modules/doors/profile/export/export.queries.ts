import type { EntityManager } from 'typeorm';
import type { NamedStatement } from '../../../kernel/query';
import { rows } from '../../../kernel/query';

/** So many rows of a section are in memory at once. */
const BATCH = 500;

/** A row of a section, as it is written down, and where the next batch begins. */
type SectionRow = Readonly<Record<string, unknown>> & { readonly position: string };

/** What is stored about one partner, kind by kind: $1 the partner, $2 where the batch before ended, $3 how many. */
const SECTIONS = {
  placements: `
    select id::text as position, lower(valid) as "from", upper(valid) as "to", sponsor_id is null as at_top
      from partner_program.placement where partner_id = $1 and ($2::bigint is null or id > $2) order by id limit $3`,
  suspensions: `
    select id::text as position, lower(valid) as "from", upper(valid) as "to", reason
      from partner_program.suspension where partner_id = $1 and ($2::bigint is null or id > $2) order by id limit $3`,
  ranks: `
    select id::text as position, lower(valid) as "from", upper(valid) as "to", rank
      from partner_program.partner_rank where partner_id = $1 and ($2::bigint is null or id > $2) order by id limit $3`,
  invitations: `
    select id as position, first_name, last_name, email, phone, subject, body, locale,
           level_zero, created_at, sent_at, opened_at,
           registered_at, revoked_at, expires_at
      from partner_program.invitation where inviter_id = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
  acceptances: `
    select a.id::text as position, v.number, v.title, a.sha256, a.accepted_at, a.locale, host(a.ip) as ip
      from partner_program.terms_acceptance a join partner_program.terms_version v on v.id = a.terms_version_id
     where a.partner_id = $1 and ($2::bigint is null or a.id > $2) order by a.id limit $3`,
  sessions: `
    select id as position, created_at, last_seen_at, expires_at,
           host(ip) as ip, user_agent
      from partner_program.session where partner_id = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
  notifications: `
    select n.id::text as position, n.created_at as at, n.kind, case when n.kind <> 'newPartner' then n.about end as about,
           n.amounts, n.contracts, n.shown, n.shown and n.id <= coalesce(m.seen_id, 0) as seen
      from partner_program.notification n
      left join partner_program.notification_mark m on m.partner_id = n.partner_id
     where n.partner_id = $1 and ($2::bigint is null or n.id > $2) order by n.id limit $3`,
  history: `
    select r.id::text as position, r.at, r.action, by.me as by_me, r.before - 'sponsorId' as before,
           r.after - 'sponsorId' as after, case when r.action <> 'partner.moved' then r.reason end as reason,
           case when by.me then host(r.ip) end as ip
      from partner_program.audit_record r join partner_program.partner p on p.id = r.partner_id
     cross join lateral (select r.actor in ('partner:' || p.id, 'user:' || coalesce(p.user_id, '')) as me) by
     where r.partner_id = $1 and ($2::bigint is null or r.id > $2) order by r.id limit $3`,
  entries: `
    select a.id || ':' || e.account_version as position, a.kind as account, e.recorded_at as at, e.kind,
           e.amount_minor, e.currency, e.balance_after_minor,
           e.contract_id, e.level, t.reason
      from partner_program.account a
      join partner_program.entry e on e.account_id = a.id
      join partner_program.transaction t on t.id = e.transaction_id
     where a.holder_id = $1 and ($2::text is null
        or (a.id, e.account_version) > (split_part($2, ':', 1)::bigint, split_part($2, ':', 2)::bigint))
     order by a.id, e.account_version limit $3`,
  withdrawals: `
    select id as position, amount_minor, currency, status, note, requested_at,
           settled_at, reason, reference
      from partner_program.withdrawal where partner_id = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
  commissions: `
    select c.id::text as position, c.contract_id, c.kind, c.as_of, l.level, l.rank,
           l.rate_bps, l.amount_minor, l.posted_minor,
           c.currency, l.reason
      from partner_program.commission_line l join partner_program.calculation c on c.id = l.calculation_id
     where l.partner_id = $1 and ($2::bigint is null or l.calculation_id > $2) order by l.calculation_id limit $3`,
} as const;

export type Section = keyof typeof SECTIONS;
export const SECTION_NAMES = Object.keys(SECTIONS) as Section[];

/** Every row of a section, the oldest first, batch by batch. The only other people in any are those whom one invited. */
export async function* rowsOf(
  tx: EntityManager,
  section: Section,
  partnerId: string,
): AsyncGenerator<Record<string, unknown>> {
  const statement: NamedStatement = { name: `export-${section}`, text: SECTIONS[section] };
  for (let after: string | null = null; ;) {
    const batch: SectionRow[] = await rows<SectionRow>(tx, statement, [partnerId, after, BATCH]);
    for (const { position: _, ...row } of batch) yield row;
    if (batch.length < BATCH) return;
    after = batch.at(-1)!.position;
  }
}
