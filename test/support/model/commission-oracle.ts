import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';

const ORACLE = readFileSync(join(__dirname, '../../oracle/commissions.sql'), 'utf8');

/** Where the stored lines and the wallets differ from what the second statement of the rules expects. */
export async function commissionFaults(db: DataSource): Promise<unknown[]> {
  const lines = await db.query<unknown[]>(`
    with expected as (${ORACLE}),
    stored as (
      select c.contract_id, c.accrual_version, l.level, l.partner_id, c.currency, sum(l.posted_minor) as net_minor
        from partner_program.calculation c join partner_program.commission_line l on l.calculation_id = c.id
       group by 1, 2, 3, 4, 5
    )
    select contract_id, accrual_version, level, partner_id, currency,
           expected.net_minor as expected_minor, stored.net_minor as stored_minor
      from expected full join stored using (contract_id, accrual_version, level, partner_id, currency)
     where coalesce(expected.net_minor, 0) <> coalesce(stored.net_minor, 0)
     order by 1, 2, 3 limit 20`);
  const wallets = await db.query<unknown[]>(`
    with expected as (
      select partner_id, currency, case when maturing then 'maturing' else 'available' end as kind, sum(net_minor) as minor
        from (${ORACLE}) as line group by 1, 2, 3
    )
    select partner_id, currency, kind, expected.minor as expected_minor, a.balance_minor as balance_minor
      from expected full join (
        select *, holder_id as partner_id from partner_program.account where holder_kind = 'partner'
      ) a using (partner_id, currency, kind)
     where coalesce(expected.minor, 0) <> coalesce(a.balance_minor, 0)
     order by 1, 2, 3 limit 20`);
  return [...lines, ...wallets];
}
