import type { EntityManager } from 'typeorm';
import { run } from '../kernel/query';

/** Who changes something, from where, in which request; an `Actor` is one. */
export interface Signature {
  /** `user:<id>` or `partner:<id>`; `recipient` is whoever has the link of an invitation. */
  readonly ref: string;
  readonly name?: string;
  readonly ip?: string | null;
  readonly requestId?: string;
}

const SIGN = { name: 'audit-sign', text: `select set_config('partner_program.actor', $1, true)` };

/**
 * Says in whose name the rest of the transaction changes things: the changed tables write the audit log by it. A change
 * without it is recorded all the same, in the name of the database's user.
 */
export async function signChanges(tx: EntityManager, { ref, name, ip, requestId }: Signature): Promise<void> {
  // A partner without a CRM account is named by the account, which can be emptied when the person leaves.
  const actorName = ref.startsWith('partner:') ? undefined : name;
  const address = ip?.replace(/%.*$/, ''); // a zone of IPv6 is no part of the address
  await run(tx, SIGN, [JSON.stringify({ ref, name: actorName, ip: address, requestId })]);
}

const RECORD = {
  name: 'audit-record',
  text: `select partner_program.record_change($1, $2, $3, $4::uuid, null, null, null)`,
};

/** Records what no changed table tells by itself, in the name that {@link signChanges} gave the transaction. */
export async function recordChange(
  tx: EntityManager,
  change: { action: string; objectType: string; objectId: string; partnerId: string | null },
): Promise<void> {
  await run(tx, RECORD, [change.action, change.objectType, change.objectId, change.partnerId]);
}
