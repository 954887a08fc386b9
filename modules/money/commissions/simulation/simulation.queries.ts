import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';
import { rows, run } from '../../../kernel/query';
import type { PlanVersionRules } from '../../../rules/plans/plan-rules';
import { CopiedRows, fieldsOf } from './copied-rows';
import type { AccruedContract, PaidFacts } from './simulation';
import { TreeInTime } from './simulation-tree';
import type { Stretch } from './simulation-tree';

export interface SimulatedTime {
  readonly currency: string;
  readonly from: Date;
  readonly to: Date;
}

const PREPARE = {
  name: 'simulation-prepare',
  // COPY takes no parameters: it reads them from settings of the transaction.
  text: `
    select set_config('partner_program.simulated_currency', $1, true),
           set_config('partner_program.simulated_from', $2, true),
           set_config('partner_program.simulated_to', $3, true),
           set_config('work_mem', '128MB', true), set_config('jit', 'off', true)`,
};

/** Opens the window that {@link copyContracts} looks through, for the rest of the transaction. */
export async function prepareSimulation(tx: EntityManager, { currency, from, to }: SimulatedTime): Promise<void> {
  await run(tx, PREPARE, [currency, from.toISOString(), to.toISOString()]);
}

/** An open end is far away, but a number. */
const FAR_MS = 8_640_000_000_000_000;
const STRETCH = `(date_part('epoch', lower(valid)) * 1000)::bigint,
                 coalesce((date_part('epoch', upper(valid)) * 1000)::bigint, ${FAR_MS})`;

const SIZES = {
  name: 'simulation-sizes',
  text: `select (select coalesce(max(seq), 0) from partner_program.partner)::float8 as partners,
                (select count(*) from partner_program.placement)::float8 as placements`,
};
const PLACEMENTS = `
  select p.seq, coalesce(s.seq, 0), ${STRETCH}
    from partner_program.placement w
    join partner_program.partner p on p.id = w.partner_id left join partner_program.partner s on s.id = w.sponsor_id`;
const SUSPENSIONS = `
  select p.seq, ${STRETCH} from partner_program.suspension w join partner_program.partner p on p.id = w.partner_id`;
const RANKS = `
  select p.seq, ${STRETCH}, w.rank from partner_program.partner_rank w join partner_program.partner p on p.id = w.partner_id`;

/** The tree of all time, with suspensions and ranks, in about forty bytes a partner. */
export async function loadTree(tx: EntityManager, client: PoolClient): Promise<TreeInTime> {
  const [sizes] = await rows<{ partners: number; placements: number }>(tx, SIZES);
  const tree = new TreeInTime(sizes!.partners, sizes!.placements);
  const stretch = (rows: CopiedRows): Stretch => ({ from: rows.integer(), to: rows.integer() });
  await copy(client, PLACEMENTS, (rows) => tree.addPlacement(rows.integer(), rows.integer(), stretch(rows)));
  await copy(client, SUSPENSIONS, (rows) => tree.addSuspension(rows.integer(), stretch(rows)));
  await copy(client, RANKS, (rows) => {
    const [partner, valid] = [rows.integer(), stretch(rows)];
    tree.addRank(partner, fieldsOf(rows.raw(1))[0] ?? '', valid);
  });
  return tree;
}

/** Every accrual of the window as it stands after the last step of it; exported for the benchmark's floor. */
export const SIMULATED_CONTRACTS = `
  select coalesce(p.seq, 0), (date_part('epoch', c.as_of) * 1000)::bigint, e.value_minor,
         coalesce(l.basis_minor, c.basis_minor), coalesce(l.reversed_bps, c.reversed_bps),
         coalesce(l.reversed_minor, c.reversed_minor),
         c.plan_version_id, e.product, e.kind, c.contract_id
    from partner_program.calculation c
    join partner_program.contract_event e on e.contract_id = c.contract_id and e.version = c.accrual_version
    left join partner_program.partner p on p.id = e.attributed_to
    left join (
      select distinct on (contract_id, accrual_version) contract_id, accrual_version, basis_minor, reversed_bps,
             reversed_minor
        from partner_program.calculation where kind <> 'accrual' order by contract_id, accrual_version, id desc
    ) l on l.contract_id = c.contract_id and l.accrual_version = c.accrual_version
   where c.kind = 'accrual' and c.currency = current_setting('partner_program.simulated_currency')
     and c.as_of >= current_setting('partner_program.simulated_from')::timestamptz
     and c.as_of < current_setting('partner_program.simulated_to')::timestamptz`;

/**
 * Reads the accruals of the window one by one; nothing but the current piece of the stream is in memory.
 * @param plans every version that may have paid
 */
export async function copyContracts(
  client: PoolClient,
  plans: readonly PlanVersionRules[],
  take: (contract: AccruedContract, idOf: () => string) => void,
): Promise<void> {
  const byId = new Map(plans.map((plan) => [plan.id, plan]));
  const known = new Map<string, PaidFacts>();
  await copy(client, SIMULATED_CONTRACTS, (rows) => {
    const [seller, asOf, valueMinor] = [rows.integer(), rows.integer(), rows.integer()];
    const [basisMinor, reversedBps, reversedMinor] = [rows.integer(), rows.integer(), rows.integer()];
    const raw = rows.raw(3);
    let facts = known.get(raw);
    if (!facts) {
      const [planId, product, kind] = fieldsOf(raw);
      facts = { plan: byId.get(planId ?? '') ?? null, product: product ?? null, kind: kind ?? null };
      known.set(raw, facts);
    }
    const id = rows.skip();
    take({ seller, asOf, valueMinor, basisMinor, reversedBps, reversedMinor, facts }, () => rows.textAt(id));
  });
}

async function copy(client: PoolClient, query: string, take: (rows: CopiedRows) => void): Promise<void> {
  const rows = new CopiedRows();
  for await (const chunk of client.query(copyTo(`copy (${query}) to stdout`))) {
    rows.push(chunk as Buffer);
    while (rows.ready) take(rows);
  }
}

const COUNT_ACCRUALS = {
  name: 'simulation-count-accruals',
  text: `select count(*)::float8 as accruals from partner_program.calculation
          where kind = 'accrual' and as_of >= $1 and as_of < $2`,
};

/** How many accruals a time holds, in all currencies: what a simulation may have to read. */
export async function countAccruals(tx: EntityManager, { from, to }: Omit<SimulatedTime, 'currency'>): Promise<number> {
  const [row] = await rows<{ accruals: number }>(tx, COUNT_ACCRUALS, [from, to]);
  return row!.accruals;
}

const SIGNED_AGAIN = {
  name: 'simulation-signed-again',
  text: `
    select coalesce(sum(accruals - 1), 0)::float8 as more from (
      select count(*) as accruals from partner_program.calculation
       where kind = 'accrual' and currency = $1 and as_of >= $2 and as_of < $3
         and contract_id in (select contract_id from partner_program.calculation where kind <> 'accrual')
       group by contract_id having count(*) > 1) again`,
};

/** How many accruals of the window are further ones of a contract that was reversed and signed again. */
export async function signedAgain(tx: EntityManager, { currency, from, to }: SimulatedTime): Promise<number> {
  const [row] = await rows<{ more: number }>(tx, SIGNED_AGAIN, [currency, from, to]);
  return row!.more;
}

const NUMBERED = {
  name: 'simulation-numbered',
  text: `select seq::float8 as seq, id as partner_id, first_name || ' ' || last_name as name
           from partner_program.partner where seq = any ($1)`,
};

/** Who these numbers are. */
export async function partnersByNumber(
  tx: EntityManager,
  numbers: readonly number[],
): Promise<Map<number, { partnerId: string; name: string }>> {
  const found = await rows<{ seq: number; partnerId: string; name: string }>(tx, NUMBERED, [[...new Set(numbers)]]);
  return new Map(found.map(({ seq, ...partner }) => [seq, partner]));
}
