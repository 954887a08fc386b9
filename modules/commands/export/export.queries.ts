import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { CopyToStreamQuery } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';
import { run } from '../../kernel/query';

/** Rows to write out. */
interface Export {
  /** Names of columns and what stands in them; amounts in minor units, times in UTC. */
  readonly columns: Readonly<Record<string, string>>;
  readonly from: string;
}

const LEDGER: Export = {
  columns: {
    transaction_id: 't.id',
    line: 'e.line',
    key: 't.key',
    kind: 't.kind',
    occurred_at: 't.occurred_at',
    recorded_at: 'e.recorded_at',
    posted_by: 't.posted_by',
    reason: 't.reason',
    account: 'a.kind',
    partner_id: `case a.holder_kind when 'partner' then a.holder_id end`,
    currency: 'e.currency',
    amount_minor: 'e.amount_minor',
    balance_after_minor: 'e.balance_after_minor',
    contract_id: 'e.contract_id',
    level: 'e.level',
  },
  from: `
    from partner_program.entry e
    join partner_program.transaction t on t.id = e.transaction_id
    join partner_program.account a on a.id = e.account_id
   where e.recorded_at >= current_setting('partner_program.exported_from')::timestamptz
     and e.recorded_at < current_setting('partner_program.exported_to')::timestamptz
   order by e.transaction_id, e.line`,
};

const PARTNERS: Export = {
  columns: {
    id: 'p.id',
    user_id: 'p.user_id',
    first_name: 'p.first_name',
    last_name: 'p.last_name',
    email: 'p.email',
    phone: 'p.phone',
    locale: 'p.locale',
    status: 'p.status',
    sponsor_id: 'p.sponsor_id',
    depth: 'place.depth',
    email_confirmed_at: 'p.email_confirmed_at',
    joined_at: 'p.joined_at',
  },
  from: `
    from partner_program.partner p left join partner_program.partner_path place on place.partner_id = p.id
   order by p.seq`,
};

export const EXPORTS: Readonly<Record<string, Export>> = { ledger: LEDGER, partners: PARTNERS };

const PREPARE = {
  name: 'export-prepare',
  // COPY takes no parameters: it reads them from settings of the transaction.
  text: `select set_config('partner_program.exported_from', $1, true), set_config('partner_program.exported_to', $2, true),
                set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true)`,
};

/** Sets the time of what is exported, for the rest of the transaction. */
export async function prepareExport(tx: EntityManager, { from, to }: { from?: Date; to?: Date }): Promise<void> {
  await run(tx, PREPARE, [from?.toISOString() ?? '-infinity', to?.toISOString() ?? 'infinity']);
}

/** COPY quotes with characters that no JSON holds, and so leaves every line as it is. */
const AS_IT_IS = `format csv, delimiter e'\\x02', quote e'\\x01'`;

/** The rows as a stream of lines of JSON, in their order. @param what a key of {@link EXPORTS} */
export function copyRows(client: PoolClient, what: string): CopyToStreamQuery {
  const { columns, from } = EXPORTS[what]!;
  const list = Object.entries(columns).map(([name, value]) => `${value} as ${name}`);
  const SQL = `select row_to_json(row) from (select ${list.join(', ')} ${from}) row`;
  return client.query(copyTo(`copy (${SQL}) to stdout with (${AS_IT_IS})`));
}
