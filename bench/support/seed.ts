import type { Client } from 'pg';
import { PlansService } from '../../modules/rules/plans/plans.service';
import type { Lab } from './lab';
import { PROGRAM_START, writeTree } from './tree';
import type { Sponsors } from './tree';

/** How deep the sellers stand unless said otherwise: every contract pays ten people, the top always among them. */
export const DEPTH = 9;

export interface Seller {
  readonly userId: string;
  readonly partnerId: string;
}

/** These partners, a plan that pays ten levels, and a status that accrues. */
export async function seed(lab: Lab, sponsors: Sponsors): Promise<void> {
  // As replica no trigger and no foreign key is checked: the rows are right as they are made.
  await lab.owner.query(`set session_replication_role = replica`);
  await writeTree(lab.owner, sponsors);
  await lab.owner.query(
    `insert into partner_program.status_action (status, action, valid, set_by)
     values ('signed', 'accrue', tstzrange('${PROGRAM_START}', null), 'bench')`,
  );
  // Everybody was paid before, here and at the peer: a wallet is opened once, and paid into for years.
  await lab.owner.query(
    `insert into partner_program.account (holder_id, holder_kind, kind, keeps_balance, currency, balance_minor, version)
     select id, 'partner', 'available', true, 'PLN', 0, 0 from partner_program.partner order by seq`,
  );
  await lab.owner.query(`set session_replication_role = origin`);
  await settle(lab.owner);
  const plans = lab.nest.get(PlansService, { strict: false });
  const { id } = await plans.draft({ ...planOf(500), name: 'Plan' }, { ref: 'bench' });
  await plans.activate(id, { effectiveFrom: new Date(PROGRAM_START) }, { ref: 'bench' });
}

/** Leaves the server nothing to do in the background about what was just written. */
export async function settle(owner: Client): Promise<void> {
  await owner.query('vacuum analyze');
  await owner.query('checkpoint');
}

/** Ten levels, the seller's the highest. */
export function planOf(ownBps: number) {
  const rates = [ownBps, 300, 200, 150, 100, 80, 60, 50, 40, 30];
  return {
    kind: 'levels' as const,
    currency: 'PLN',
    levels: rates.map((rateBps, level) => ({ level, rateBps, amountMinor: null })),
    ranks: [],
    compression: 'none' as const,
    depth: null,
    capBps: null,
    holdingDays: 0,
    products: null,
    contractKinds: null,
    minimumValueMinor: null,
  };
}

/** The partners at a depth. */
export async function sellersOf(owner: Client, depth = DEPTH, limit = 100_000): Promise<Seller[]> {
  const { rows } = await owner.query<Seller>(
    `select p.user_id as "userId", p.id as "partnerId"
       from partner_program.partner p join partner_program.partner_path w on w.partner_id = p.id
      where w.depth = $1 order by p.seq limit $2`,
    [depth, limit],
  );
  return rows;
}

/** Every balance is the sum of its entries, and everything together is nothing. */
export async function checkLedger(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ wrong: string; total: string }>(`
    select (select count(*) from partner_program.account a
             where a.keeps_balance
               and a.balance_minor <> (select coalesce(sum(amount_minor), 0) from partner_program.entry e where e.account_id = a.id)) as wrong,
           (select coalesce(sum(amount_minor), 0) from partner_program.entry) as total`);
  const { wrong, total } = rows[0]!;
  if (wrong !== '0' || total !== '0') throw new Error(`The ledger is off: ${wrong} balances, ${total} in all.`);
}
