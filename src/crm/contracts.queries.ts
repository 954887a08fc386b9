import type { EntityManager } from 'typeorm';
import type { ContractChange } from '../../modules';

export interface ContractRow {
  readonly id: string;
  readonly number: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly sellerId: string;
  readonly sellerName: string;
  readonly valueMinor: number;
  readonly currency: string;
  readonly product: string | null;
  readonly referredBy: string | null;
  readonly status: string;
  readonly statusLabel: string;
  readonly version: number;
  readonly createdAt: Date;
}

/** Contracts, the newest first, with the names a person wants to see; or the one of an id. */
export async function readContracts(
  tx: EntityManager,
  { id = null, cursor = null, limit }: { id?: string | null; cursor?: string | null; limit: number },
): Promise<ContractRow[]> {
  const rows = await tx.query<(Omit<ContractRow, 'valueMinor'> & { valueMinor: string })[]>(
    `select k.id, k.number, k.client_id as "clientId", c.name as "clientName", k.seller_id as "sellerId",
            concat_ws(' ', u.first_name, u.last_name) as "sellerName", k.value_minor as "valueMinor", k.currency,
            k.product, k.referred_by as "referredBy", k.status, s.label as "statusLabel", k.version, k.created_at as "createdAt"
       from crm.contract k
       join crm.client c on c.id = k.client_id
       join crm."user" u on u.id = k.seller_id
       join crm.status s on s.key = k.status
      where ($1::uuid is null or k.id = $1) and ($2::uuid is null or k.id < $2)
      order by k.id desc
      limit $3`,
    [id, cursor, limit],
  );
  return rows.map((row) => ({ ...row, valueMinor: Number(row.valueMinor) }));
}

interface ChangeRow extends Omit<ContractChange, 'valueMinor' | 'refundMinor'> {
  readonly valueMinor: string;
  readonly refundMinor: string | null;
  readonly cursor: string;
}

const CHANGE_COLUMNS = `contract_id as id, number, status, version, seller_id as "sellerId", client_id as "clientId",
  value_minor as "valueMinor", currency, product, referred_by as "referredBy", refund_bps as "refundBps", refund_minor as "refundMinor",
  occurred_at as "occurredAt"`;

const changeOf = ({ cursor: _, ...row }: ChangeRow): ContractChange => ({
  ...row,
  valueMinor: Number(row.valueMinor),
  refundMinor: row.refundMinor === null ? null : Number(row.refundMinor),
});

/** @param source the table, or rows of it that the statement has just changed */
const recording = (source: 'crm.contract' | 'changed') => `
  insert into crm.contract_change (contract_id, version, number, status, seller_id, client_id, value_minor, currency,
                                   product, referred_by, refund_bps, refund_minor, occurred_at)
  select id, version, number, status, seller_id, client_id, value_minor, currency, product, referred_by, $2::integer, $4::bigint,
         date_trunc('milliseconds', coalesce($3::timestamptz, crm.now_ms()))
    from ${source} where id = $1
  returning ${CHANGE_COLUMNS}`;
const RECORD = recording('crm.contract');
const CHANGE = `
  with changed as (
    update crm.contract set status = $5, value_minor = $6, product = $7, referred_by = $8, version = version + 1
     where id = $1 returning *
  ) ${recording('changed')}`;

/** Writes down what a new contract is. */
export async function recordContract(tx: EntityManager, id: string): Promise<ContractChange> {
  const [row] = await tx.query<ChangeRow[]>(RECORD, [id, null, null, null]);
  return changeOf(row!);
}

/** What a change makes of a contract; without a time it happens now. */
export type ContractAfter = Pick<
  ContractChange,
  'status' | 'valueMinor' | 'product' | 'referredBy' | 'refundBps' | 'refundMinor'
> & {
  readonly occurredAt?: Date;
};

/**
 * Changes a contract and writes down what it became. The caller holds its row, so a time taken here is in order.
 * @param refundBps   the share that is given back, where the new status reverses
 * @param refundMinor the same as an amount
 */
export async function changeContract(
  tx: EntityManager,
  id: string,
  { status, valueMinor, product, referredBy, refundBps, refundMinor, occurredAt }: ContractAfter,
): Promise<ContractChange> {
  const [row] = await tx.query<ChangeRow[]>(CHANGE, [
    id,
    refundBps,
    occurredAt ?? null,
    refundMinor ?? null,
    status,
    valueMinor,
    product,
    referredBy,
  ]);
  return changeOf(row!);
}

/**
 * What changed after a cursor, oldest first. Changes of transactions that may still be running, or that began
 * after one that is, wait for the next call: passing them now would lose the late one for ever.
 */
export async function changesSince(
  tx: EntityManager,
  cursor: string | null,
  limit: number,
): Promise<{ changes: ContractChange[]; cursor: string | null }> {
  const [transactionId = '0', seq = '0'] = cursor?.split('.') ?? [];
  const rows = await tx.query<ChangeRow[]>(
    `select ${CHANGE_COLUMNS}, transaction_id || '.' || seq as cursor
       from crm.contract_change
      where (transaction_id, seq) > ($1::bigint, $2::bigint)
        and transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
      order by transaction_id, seq
      limit $3`,
    [transactionId, seq, limit],
  );
  return { changes: rows.map(changeOf), cursor: rows.at(-1)?.cursor ?? cursor };
}
