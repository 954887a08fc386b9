import { PlacementsService } from '../../modules/people/partners/tree/placements.service';
import { CpuMeter } from '../support/cpu';
import type { Lab } from '../support/lab';
import { measure } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { topOf } from './pages';

const DOWNLINE = 90_000;

/** Rewrites the same rows as a move to the top of the tree does, and nothing else. */
const RAW = {
  name: 'raw-repath',
  text: `update partner_program.partner_path set path = $3::text || substr(path, length($1::text) + 1), depth = depth - $4
          where prefix >= $1 and prefix < $2`,
};

/** A downline of about ninety thousand moves to the top of the tree, against the bare UPDATE; both are rolled back. */
export async function move(lab: Lab): Promise<Measure> {
  const placements = lab.nest.get(PlacementsService, { strict: false });
  const { id: partnerId } = await topOf(lab, DOWNLINE);
  const { rows } = await lab.owner.query<{ path: string; depth: number; end: string }>(
    `select path, depth, partner_program.path_end(path) as end from partner_program.partner_path where partner_id = $1`,
    [partnerId],
  );
  const { path, depth, end } = rows[0]!;
  const raw = [path, end, `${path.split('.').at(-2)}.`, depth];
  const cost = async (work: (tx: Tx) => Promise<unknown>): Promise<number> => {
    await lab.owner.query('vacuum partner_program.partner_path');
    const before = lab.cpu.read();
    await rolledBack(lab, work);
    return CpuMeter.between(before, lab.cpu.read()) / 1_000;
  };
  return measure({
    id: 'H4',
    unit: 'CPU ms/move',
    reach: { atMost: 1.3 },
    figure: () =>
      cost((tx) => placements.move(tx, { partnerId, sponsorId: null, reason: 'measured', by: { ref: 'bench' } })),
    floor: () => cost((tx) => tx.query(RAW as never, raw)),
  });
}

type Tx = Parameters<Parameters<Lab['db']['transaction']>[1]>[0];

async function rolledBack(lab: Lab, work: (tx: Tx) => Promise<unknown>): Promise<void> {
  const runner = lab.db.createQueryRunner();
  await runner.startTransaction();
  try {
    await work(runner.manager);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}
