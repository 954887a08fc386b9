import type { Client } from 'pg';

const WRITTEN = ['job', 'contract_event', 'transaction', 'entry', 'calculation', 'commission_line'];
const POINTED_TO = ['partner', 'account', 'plan_version'];

/**
 * Copies of tables into the schema `floor`: the same columns, keys, indexes, checks and foreign keys among them,
 * without our triggers.
 *
 * @param pointedTo are copied with their rows
 */
export async function copyTables(
  owner: Client,
  written: readonly string[] = WRITTEN,
  pointedTo: readonly string[] = POINTED_TO,
): Promise<void> {
  const tables = [...written, ...pointedTo];
  await owner.query('drop schema if exists floor cascade; create schema floor');
  for (const table of tables) {
    await owner.query(`create table floor.${table} (like partner_program.${table} including all)`);
    if (written.includes(table)) continue;
    const columns = await columnsOf(owner, table);
    await owner.query(
      `insert into floor.${table} (${columns}) overriding system value select ${columns} from partner_program.${table}`,
    );
  }
  const { rows } = await owner.query<{ table: string; name: string; definition: string }>(
    `
    select conrelid::regclass::text as "table", conname as name, pg_get_constraintdef(oid) as definition
      from pg_constraint
     where contype = 'f' and conrelid = any ($1::regclass[]) and confrelid = any ($2::regclass[])`,
    [written.map((table) => `partner_program.${table}`), tables.map((table) => `partner_program.${table}`)],
  );
  for (const { table, name, definition } of rows) {
    const target = table.replace('partner_program.', 'floor.');
    await owner.query(
      `alter table ${target} add constraint ${name} ${definition.replace('partner_program.', 'floor.')}`,
    );
  }
  await owner.query('analyze');
}

async function columnsOf(owner: Client, table: string): Promise<string> {
  const { rows } = await owner.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [`partner_program.${table}`],
  );
  return rows[0]!.columns;
}

/** One contract as it was written: a row of most tables, arrays by column of the others. */
interface Sample {
  readonly payload: Record<string, unknown>;
  readonly event: readonly unknown[];
  readonly transaction: readonly unknown[];
  readonly entries: readonly unknown[];
  readonly calculation: readonly unknown[];
  readonly lines: readonly unknown[];
}

/** The rows of some contracts as our own worker wrote them. */
export async function sampleRows(owner: Client, limit: number): Promise<Sample[]> {
  const { rows } = await owner.query<Record<string, unknown>>({
    rowMode: 'array',
    text: `
    select j.payload,
           array[e.status, e.seller_id, e.client_id, e.value_minor::text, e.currency, e.attributed_to::text, e.attribution_source,
                 e.occurred_at::text],
           array[t.kind, t.occurred_at::text, t.posted_by],
           (select jsonb_build_array(array_agg(line), array_agg(account_id), array_agg(currency), array_agg(kind),
                   array_agg(amount_minor), array_agg(balance_after_minor), array_agg(account_version), array_agg(level))
              from partner_program.entry where transaction_id = t.id),
           array[c.kind, c.as_of::text, c.plan_version_id::text, c.basis_minor::text, c.currency],
           (select jsonb_build_array(array_agg(level), array_agg(partner_id), array_agg(rate_level), array_agg(rate_bps),
                   array_agg(uncapped_minor), array_agg(amount_minor), array_agg(posted_minor), array_agg(reason))
              from partner_program.commission_line where calculation_id = c.id)
      from partner_program.calculation c
      join partner_program.contract_event e using (contract_id)
      join partner_program.transaction t on t.id = c.transaction_id
      join partner_program.job j on j.key = t.key
     order by c.id limit $1`,
    values: [limit],
  } as never);
  return (rows as unknown as unknown[][]).map(([payload, event, transaction, entries, calculation, lines]) => {
    return { payload, event, transaction, entries, calculation, lines } as Sample;
  });
}

const INSERT_JOB = {
  name: 'floor-job',
  text: `insert into floor.job (key, kind, payload) values ($1, 'contract', $2)`,
};
const INSERT_EVENT = {
  name: 'floor-event',
  text: `insert into floor.contract_event (contract_id, version, status, seller_id, client_id, value_minor, currency, attributed_to,
                                             attribution_source, occurred_at)
         values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9)`,
};
const INSERT_TRANSACTION = {
  name: 'floor-transaction',
  text: `insert into floor.transaction (key, kind, occurred_at, posted_by) values ($1, $2, $3, $4) returning id`,
};
const INSERT_ENTRIES = {
  name: 'floor-entries',
  text: `
    insert into floor.entry (transaction_id, contract_id, recorded_at, line, account_id, currency, kind, amount_minor,
                             balance_after_minor, account_version, level)
    select $1, $2, now(), * from unnest($3::integer[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
                                       $9::bigint[], $10::integer[])`,
};
const INSERT_CALCULATION = {
  name: 'floor-calculation',
  text: `
    insert into floor.calculation (contract_id, accrual_version, event_version, kind, as_of, plan_version_id, basis_minor,
                                   currency, reversed_bps, transaction_id)
    values ($1, 1, 1, $2, $3, $4, $5, $6, 0, $7) returning id`,
};
const INSERT_LINES = {
  name: 'floor-lines',
  text: `
    insert into floor.commission_line (calculation_id, level, partner_id, rate_level, rate_bps, uncapped_minor,
                                       amount_minor, posted_minor, reason)
    select $1, * from unnest($2::integer[], $3::uuid[], $4::integer[], $5::integer[], $6::bigint[], $7::bigint[],
                             $8::bigint[], $9::text[])`,
};

/** Writes the rows of one contract in one transaction, by named statements and nothing else. */
export function rowWriter(samples: readonly Sample[]): (client: Client) => Promise<void> {
  let next = 0;
  return async (client) => {
    const number = next++;
    const { payload, event, transaction, entries, calculation, lines } = samples[number % samples.length]!;
    const contractId = `floor-${number}`;
    const key = `contract:${contractId}:1`;
    // Versions of accounts are unique: those of the sample are moved on.
    const versions = (entries[6] as (number | null)[]).map((version) => version && version + (number + 1) * 1_000_000);
    await client.query('begin');
    await client.query({ ...INSERT_JOB, values: [key, { ...payload, contractId }] });
    await client.query({ ...INSERT_EVENT, values: [contractId, ...event] });
    const posted = await client.query<{ id: string }>({ ...INSERT_TRANSACTION, values: [key, ...transaction] });
    const transactionId = posted.rows[0]!.id;
    await client.query({
      ...INSERT_ENTRIES,
      values: [transactionId, contractId, ...entries.slice(0, 6), versions, entries[7]],
    });
    const calculated = await client.query<{ id: string }>({
      ...INSERT_CALCULATION,
      values: [contractId, ...calculation, transactionId],
    });
    await client.query({ ...INSERT_LINES, values: [calculated.rows[0]!.id, ...lines] });
    await client.query('commit');
  };
}
