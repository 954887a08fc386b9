import type { EntityManager } from 'typeorm';
import { run } from '../../kernel/query';
import type { PostedAmount } from './rederivation';

const CONTRACTS_AFTER = {
  name: 'rederivation-contracts-after',
  text: `
    select distinct contract_id as "contractId" from partner_program.contract_event
     where contract_id > $1 order by contract_id limit $2`,
};

/** The next contracts in the order of their ids; an empty id begins. */
export async function contractsAfter(tx: EntityManager, contractId: string, limit: number): Promise<string[]> {
  const rows = await run<{ contractId: string }>(tx, CONTRACTS_AFTER, [contractId, limit]);
  return rows.map((row) => row.contractId);
}

const COUNT_CONTRACTS = {
  name: 'rederivation-count-contracts',
  text: 'select count(distinct contract_id)::float8 as contracts from partner_program.contract_event',
};

export async function countContracts(tx: EntityManager): Promise<number> {
  const [row] = await run<{ contracts: number }>(tx, COUNT_CONTRACTS);
  return row!.contracts;
}

const POSTED_FOR = {
  name: 'rederivation-posted-for',
  text: `
    select told.contract_id as "contractId", told.version as "eventVersion", t.id as "transactionId",
           a.partner_id as "partnerId", e.level, e.currency, sum(e.amount_minor)::float8 as "amountMinor"
      from unnest($1::text[], $2::integer[]) as told (contract_id, version)
      join partner_program.transaction t on t.key = 'contract:' || told.contract_id || ':' || told.version
      join partner_program.entry e on e.transaction_id = t.id
      join partner_program.account a on a.id = e.account_id
     where a.partner_id is not null
     group by told.contract_id, told.version, t.id, a.partner_id, e.level, e.currency`,
};

/** What the ledger credited for these events, pending and available together. */
export function postedFor(
  tx: EntityManager,
  events: readonly { readonly contractId: string; readonly version: number }[],
): Promise<(PostedAmount & { readonly contractId: string })[]> {
  return run(tx, POSTED_FOR, [events.map(({ contractId }) => contractId), events.map(({ version }) => version)]);
}
