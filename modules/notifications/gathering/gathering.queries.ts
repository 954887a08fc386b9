import type { EntityManager } from 'typeorm';
import { run } from '../../kernel/query';
import { telling } from '../notifications.queries';

const ADVANCE = {
  name: 'notifications-advance-gathering',
  text: `
    with before as (
      select calculation_id from partner_program.commission_gathering for update
    ), now as (
      update partner_program.commission_gathering g
         set calculation_id = greatest(calculation_id, (select max(id) from partner_program.calculation))
      returning g.calculation_id
    )
    select before.calculation_id as after, now.calculation_id as until from before, now`,
};

/** Which calculations were made since commissions were last gathered: those after one, up to another. */
export async function advanceGathering(tx: EntityManager): Promise<{ after: string; until: string }> {
  const [stretch] = await run<{ after: string; until: string }>(tx, ADVANCE);
  return stretch!;
}

const TELL_OF_COMMISSIONS = {
  name: 'notifications-tell-of-commissions',
  text: telling(`
    select partner_id, $3::bigint::text as about, sum(contracts)::integer as contracts,
           jsonb_agg(jsonb_build_object('amountMinor', total, 'currency', currency) order by currency) as amounts
      from (select partner_id, currency, sum(total) as total, count(*) as contracts
              from (select l.partner_id, c.currency, c.contract_id, sum(l.posted_minor) as total
                      from partner_program.calculation c
                      join partner_program.commission_line l on l.calculation_id = c.id
                     where c.id > $2::bigint and c.id <= $3::bigint and l.posted_minor <> 0
                     group by l.partner_id, c.currency, c.contract_id) by_contract
             where total <> 0 group by partner_id, currency) by_currency
     group by partner_id`),
};

/**
 * Tells each partner in one notification what these calculations come to; a contract on which nothing is left does not
 * count.
 *
 * @returns the ids of those to be mailed
 */
export async function tellOfCommissions(
  tx: EntityManager,
  { after, until }: { after: string; until: string },
): Promise<string[]> {
  const rows = await run<{ id: string }>(tx, TELL_OF_COMMISSIONS, ['commission', after, until]);
  return rows.map(({ id }) => id);
}
