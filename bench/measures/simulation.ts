import { to as copyTo } from 'pg-copy-streams';
import type { PoolClient } from 'pg';
import { prepareSimulation, SIMULATED_CONTRACTS } from '../../modules/money/commissions/simulation/simulation.queries';
import { SimulationService } from '../../modules/money/commissions/simulation/simulation.service';
import { PlansService } from '../../modules/rules/plans/plans.service';
import type { Lab } from '../support/lab';
import { measure } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { DEPTH, planOf } from '../support/seed';
import { PROGRAM_START } from '../support/tree';

const CONTRACTS = Number(process.env.BENCH_CONTRACTS ?? 1_000_000);
const TIME = { from: new Date(PROGRAM_START), to: new Date('2025-01-01T00:00:00Z') };

/** A draft plan tried on past contracts, totals by partner, against COPY of the same rows to nowhere. */
export async function simulation(lab: Lab): Promise<Measure> {
  await seedPast(lab);
  const plans = lab.nest.get(PlansService, { strict: false });
  const simulations = lab.nest.get(SimulationService, { strict: false });
  const { id } = await plans.draft({ ...planOf(700), name: 'Plan' }, { ref: 'bench' });
  const seconds = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return (performance.now() - start) / 1_000;
  };
  const result = await measure({
    id: 'H5',
    unit: `s/${CONTRACTS} contracts`,
    reach: { atMost: 4 },
    figure: () => seconds(() => simulations.simulate(id, TIME)),
    floor: () => seconds(() => drain(lab)),
  });
  await lab.owner.query('drop table past, seller');
  return result;
}

async function drain(lab: Lab): Promise<void> {
  const runner = lab.db.createQueryRunner();
  const client = (await runner.connect()) as PoolClient;
  await runner.startTransaction('REPEATABLE READ');
  await prepareSimulation(runner.manager, { ...TIME, currency: 'PLN' });
  for await (const _ of client.query(copyTo(`copy (${SIMULATED_CONTRACTS}) to stdout`)));
  await runner.rollbackTransaction();
  await runner.release();
}

/** Accrued contracts of one year, one in fifty reversed since; without their money, which the simulation never reads. */
async function seedPast({ owner }: Lab): Promise<void> {
  await owner.query('set session_replication_role = replica');
  await owner.query(`
    create temporary table seller as
    select p.id, p.user_id, row_number() over (order by p.seq) - 1 as number
      from partner_program.partner p join partner_program.partner_path w on w.partner_id = p.id where w.depth = ${DEPTH}`);
  const { rows } = await owner.query<{ sellers: string }>('select count(*) as sellers from seller');
  await owner.query(`
    create temporary table past as
    select 'past-' || n as contract_id, s.user_id as seller_id, s.id as partner_id, 100000 + (n::bigint * 7919) % 1000000 as value_minor,
           timestamptz '${PROGRAM_START}' + n * interval '1 year' / ${CONTRACTS} as at
      from generate_series(1, ${CONTRACTS}) as n join seller s on s.number = n % ${rows[0]!.sellers}`);
  await owner.query(`
    insert into partner_program.contract_event
           (contract_id, version, status, seller_id, client_id, value_minor, currency, product, kind, attributed_to,
            attribution_source, occurred_at)
    select contract_id, 1, 'signed', seller_id, contract_id, value_minor, 'PLN', 'product-' || value_minor % 20, null, partner_id,
           'seller', at
      from past`);
  const step = `insert into partner_program.calculation
    (contract_id, accrual_version, event_version, kind, as_of, plan_version_id, basis_minor, currency, reversed_bps)
    select contract_id, 1`;
  const plan = `(select id from partner_program.plan_version where valid is not null limit 1)`;
  await owner.query(`${step}, 1, 'accrual', at, ${plan}, value_minor, 'PLN', 0 from past`);
  await owner.query(
    `${step}, 2, 'reversal', at, ${plan}, value_minor, 'PLN', 10000 from past where value_minor % 50 = 0`,
  );
  await owner.query('set session_replication_role = origin');
  await owner.query('vacuum analyze partner_program.contract_event, partner_program.calculation');
}
