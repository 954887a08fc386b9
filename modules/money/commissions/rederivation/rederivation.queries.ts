import type { EntityManager } from 'typeorm';
import { rows } from '../../../kernel/query';
import type { PostedAmount } from './rederivation';

const CONTRACTS_AFTER = {
  name: 'rederivation-contracts-after',
  text: `
    select distinct contract_id from partner_program.contract_event
     where contract_id > $1 order by contract_id limit $2`,
};

/** The next contracts in the order of their ids; an empty id begins. */
export async function contractsAfter(tx: EntityManager, contractId: string, limit: number): Promise<string[]> {
  const found = await rows<{ contractId: string }>(tx, CONTRACTS_AFTER, [contractId, limit]);
  return found.map((row) => row.contractId);
}

const COUNT_CONTRACTS = {
  name: 'rederivation-count-contracts',
  text: 'select count(distinct contract_id)::float8 as contracts from partner_program.contract_event',
};

export async function countContracts(tx: EntityManager): Promise<number> {
  const [row] = await rows<{ contracts: number }>(tx, COUNT_CONTRACTS);
  return row!.contracts;
}

const POSTED_FOR = {
  name: 'rederivation-posted-for',
  text: `
    select reported.contract_id, reported.version as event_version, t.id as transaction_id,
           a.holder_id as partner_id, e.level, e.currency, sum(e.amount_minor)::float8 as amount_minor
      from unnest($1::text[], $2::integer[]) as reported (contract_id, version)
      join partner_program.transaction t on t.key = 'contract:' || reported.contract_id || ':' || reported.version
      join partner_program.entry e on e.transaction_id = t.id
      join partner_program.account a on a.id = e.account_id
     where a.holder_kind = 'partner'
     group by reported.contract_id, reported.version, t.id, a.holder_id, e.level, e.currency`,
};

/** What the ledger credited for these events, maturing and available together. */
export function postedFor(
  tx: EntityManager,
  events: readonly { readonly contractId: string; readonly version: number }[],
): Promise<(PostedAmount & { readonly contractId: string })[]> {
  return rows(tx, POSTED_FOR, [events.map(({ contractId }) => contractId), events.map(({ version }) => version)]);
}
