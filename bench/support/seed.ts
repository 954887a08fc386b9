import type { Client } from 'pg';
import { PlansService } from '../../modules/plans/plans.service';
import type { Lab } from './lab';

/** How deep the sellers stand: every contract pays ten people, the top of the tree always among them. */
export const DEPTH = 9;
export const PROGRAM_START = '2024-01-01T00:00:00Z';

export interface Seller {
  readonly userId: string;
  readonly partnerId: string;
}

/** A tree of partners under one top, a plan that pays all ten levels, and a status that accrues. */
export async function seed(lab: Lab, partners: number): Promise<void> {
  // As replica no trigger and no foreign key is checked: the rows are right as they are made.
  await lab.owner.query(`set session_replication_role = replica`);
  await seedTree(lab.owner, partners);
  await lab.owner.query(
    `insert into partner_program.status_action (status, action, valid, set_by)
     values ('signed', 'accrue', tstzrange('${PROGRAM_START}', null), 'bench')`,
  );
  await lab.owner.query(`set session_replication_role = origin`);
  await lab.owner.query('vacuum analyze');
  const plans = lab.nest.get(PlansService, { strict: false });
  const { id } = await plans.draft({ ...planOf(500), name: 'Plan' }, { ref: 'bench' });
  await plans.activate(id, new Date(PROGRAM_START), { ref: 'bench' });
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

/** A tree whose every partner has about as many below, so that half of all stand at the sellers' depth. */
async function seedTree(owner: Client, partners: number): Promise<void> {
  const fan = Math.pow(0.6 * partners, 1 / DEPTH);
  const sponsor = `floor((n - 2) / ${fan}::float8)::bigint + 1`;
  const id = (n: string): string => `('00000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
  await owner.query(`
    insert into partner_program.partner
           (id, user_id, first_name, last_name, email, status, sponsor_id, referral_code, email_confirmed_at, joined_at)
    select ${id('n')}, 'user-' || n, 'Partner', 'Number ' || n, 'partner-' || n || '@crm.example', 'active',
           case when n > 1 then ${id(sponsor)} end, 'code-' || n, '${PROGRAM_START}', '${PROGRAM_START}'
      from generate_series(1, ${partners}) as n order by n`);
  await owner.query(`
    insert into partner_program.placement (partner_id, sponsor_id, valid, reason, placed_by)
    select id, sponsor_id, tstzrange('${PROGRAM_START}', null), 'joined', 'bench' from partner_program.partner order by seq`);
  await owner.query(`
    with recursive tree as (
      select id, seq || '.' as path, 0 as depth from partner_program.partner where sponsor_id is null
      union all
      select p.id, t.path || p.seq || '.', t.depth + 1 from tree t join partner_program.partner p on p.sponsor_id = t.id
    )
    insert into partner_program.partner_path (partner_id, path, depth) select * from tree`);
}

/** Partners at the sellers' depth. */
export async function sellersOf(owner: Client, limit = 100_000): Promise<Seller[]> {
  const { rows } = await owner.query<Seller>(
    `select p.user_id as "userId", p.id as "partnerId"
       from partner_program.partner p join partner_program.partner_path w on w.partner_id = p.id
      where w.depth = $1 order by p.seq limit $2`,
    [DEPTH, limit],
  );
  return rows;
}

/** Every balance is the sum of its entries, and everything together is nothing. */
export async function checkLedger(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ wrong: string; total: string }>(`
    select (select count(*) from partner_program.account a
             where a.partner_id is not null
               and a.balance_minor <> (select coalesce(sum(amount_minor), 0) from partner_program.entry e where e.account_id = a.id)) as wrong,
           (select coalesce(sum(amount_minor), 0) from partner_program.entry) as total`);
  const { wrong, total } = rows[0]!;
  if (wrong !== '0' || total !== '0') throw new Error(`The ledger is off: ${wrong} balances, ${total} in all.`);
}
