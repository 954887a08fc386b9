import type { EntityManager } from 'typeorm';
import { rows, run } from '../../../kernel/query';
import { notifying } from '../notifications.queries';

const ADVANCE = {
  name: 'notifications-advance-digest',
  text: `
    with before as (
      select calculation_id from partner_program.commission_digest for update
    ), now as (
      update partner_program.commission_digest g
         set calculation_id = greatest(calculation_id, (select max(id) from partner_program.calculation))
      returning g.calculation_id
    )
    select before.calculation_id as after, now.calculation_id as until from before, now`,
};

/** Which calculations were made since the last digest: those after one, up to another. */
export async function advanceDigest(tx: EntityManager): Promise<{ after: number; until: number }> {
  const [stretch] = await rows<{ after: number; until: number }>(tx, ADVANCE);
  return stretch!;
}

const NOTIFY_OF_COMMISSIONS = {
  name: 'notifications-of-commissions',
  text: notifying(`
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
 * Notifies each partner in one notification what these calculations come to; a contract on which nothing is left does not
 * count.
 */
export async function notifyOfCommissions(
  tx: EntityManager,
  { after, until }: { after: number; until: number },
): Promise<void> {
  await run(tx, NOTIFY_OF_COMMISSIONS, ['commission', after, until]);
}
