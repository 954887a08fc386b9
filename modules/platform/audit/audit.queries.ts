import type { EntityManager } from 'typeorm';
import { rows, run } from '../../kernel/query';
import type { Retention } from '../retention/retention.service';
import type { AuditAction } from './audit-actions';

/** Who changes something, from where, in which request; an `Actor` is one. */
export interface Signature {
  /** `user:<id>` or `partner:<id>`; `recipient` is whoever has the link of an invitation. */
  readonly ref: string;
  readonly name?: string;
  readonly ip?: string | null;
  readonly requestId?: string;
}

const SIGN = { name: 'audit-sign', text: `select ${signing('$1')}` };

/**
 * Says in whose name the rest of the transaction changes things: the changed tables write the audit log by it. A change
 * without it is recorded all the same, in the name of the database's user.
 */
export async function attributeChanges(tx: EntityManager, by: Signature): Promise<void> {
  await run(tx, SIGN, [signatureOf(by)]);
}

/** The same as an expression, for a statement that says it on its way. @param signature the parameter that carries it */
export function signing(signature: `$${number}`): string {
  return `set_config('partner_program.actor', ${signature}, true)`;
}

export function signatureOf({ ref, name, ip, requestId }: Signature): string {
  // A partner without a CRM account is named by the account, which can be emptied when the person leaves.
  const actorName = ref.startsWith('partner:') ? undefined : name;
  // A zone of IPv6 is no part of the address, and IPv4 is written as such.
  const address = ip?.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  return JSON.stringify({ ref, name: actorName, ip: address, requestId });
}

const RECORD = {
  name: 'audit-record',
  text: `
    select partner_program.record_change(
             c.action, c."objectType", c."objectId", c."partnerId", c.before, c.after, c.reason)
      from jsonb_to_recordset($1::jsonb)
           as c (action text, "objectType" text, "objectId" text, "partnerId" uuid, before jsonb, after jsonb, reason text)`,
};

export interface Change {
  readonly action: AuditAction;
  readonly objectType: string;
  readonly objectId: string;
  readonly partnerId: string | null;
  readonly before?: Facts;
  readonly after?: Facts;
  readonly reason?: string;
}

/** Records what no changed table records by itself, in the name that {@link attributeChanges} gave the transaction. */
export async function recordChange(tx: EntityManager, ...changes: readonly Change[]): Promise<void> {
  await run(tx, RECORD, [JSON.stringify(changes)]);
}

export interface AuditFilter {
  readonly actor?: string;
  readonly action?: string;
  readonly objectType?: string;
  readonly objectId?: string;
  readonly partnerId?: string;
  readonly from?: Date;
  /** Not included. */
  readonly to?: Date;
}

type Facts = Readonly<Record<string, unknown>>;

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  /** `name` is null for what is no person, and empty for a former partner whose data is erased. */
  readonly actor: { readonly ref: string; readonly name: string | null };
  readonly action: string;
  readonly object: { readonly type: string; readonly id: string | null; readonly name: string | null };
  readonly partner: { readonly id: string; readonly name: string } | null;
  readonly before: Facts | null;
  readonly after: Facts | null;
  readonly reason: string | null;
  readonly ip: string | null;
  readonly requestId: string | null;
  /** The sponsors that `before` and `after` name, by id. */
  readonly names: Readonly<Record<string, string>> | null;
  /** The unit of the plan that the record is about, whose amounts name none. */
  readonly currency: string | null;
}

const LIST = {
  name: 'audit-list',
  text: `
    select r.id, r.at, r.action, r.before, r.after, r.reason, host(r.ip) as ip, r.request_id,
           json_build_object('ref', r.actor, 'name', coalesce(r.actor_name, a.first_name || ' ' || a.last_name)) as actor,
           json_build_object('type', r.object_type, 'id', r.object_id, 'name', case r.object_type
             when 'planVersion' then (select p.name || ' · ' || v.number
                                        from partner_program.plan_version v join partner_program.plan p on p.id = v.plan_id
                                       where v.id = r.object_id::uuid)
             when 'terms' then (select t.title from partner_program.terms_version t where t.id = r.object_id::uuid)
             when 'contractStatus' then r.object_id
             when 'webhook' then (select w.url from partner_program.webhook_endpoint w where w.id = r.object_id::uuid)
             when 'job' then r.object_id
           end) as object,
           case when c.id is not null then json_build_object('id', c.id, 'name', c.first_name || ' ' || c.last_name) end as partner,
           (select json_object_agg(s.id, s.first_name || ' ' || s.last_name) from partner_program.partner s
             where s.id in ((r.before ->> 'sponsorId')::uuid, (r.after ->> 'sponsorId')::uuid)) as names,
           case r.object_type when 'planVersion' then
             (select p.currency from partner_program.plan_version v join partner_program.plan p on p.id = v.plan_id
               where v.id = r.object_id::uuid)
           end as currency
      from partner_program.audit_record r
      left join partner_program.partner a on a.id = case when r.actor like 'partner:%' then substr(r.actor, 9)::uuid end
      left join partner_program.partner c on c.id = r.partner_id
     where ($1::text is null or r.actor = $1) and ($2::text is null or r.action = $2)
       and ($3::text is null or r.object_type = $3) and ($4::text is null or r.object_id = $4)
       and ($5::uuid is null or r.partner_id = $5)
       and ($6::timestamptz is null or r.at >= $6) and ($7::timestamptz is null or r.at < $7)
       and ($8::timestamptz is null or (r.at, r.id) < ($8, $9::bigint))
     order by r.at desc, r.id desc limit $10`,
};

/** Records, the newest first. @param after the last one of the page before */
export function listAudit(
  tx: EntityManager,
  { actor, action, objectType, objectId, partnerId, from, to }: AuditFilter,
  { after, limit }: { after?: readonly [at: string, id: string]; limit: number },
): Promise<AuditRow[]> {
  const filters = [actor, action, objectType, objectId, partnerId, from, to, after?.[0], after?.[1]];
  return rows(tx, LIST, [...filters.map((value) => value ?? null), limit]);
}

export const AUDIT_RETENTION: readonly Retention[] = [
  {
    // The database refuses it for anything younger.
    name: 'retention-audit-addresses',
    what: 'network addresses in the audit log',
    days: 365,
    text: `
      update partner_program.audit_record set ip = null where id in (
        select id from partner_program.audit_record
         where ip is not null and at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
];
