import { PartnerProgram } from '../../modules';
import { JobWorker } from '../../modules/platform/jobs/worker.service';
import type { Lab } from '../support/lab';
import { measure, perSecond } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { AccrualRun } from './accrual';

const SLICE_MS = 800;

/** What telling a change adds to the host's transaction, in time, against one bare INSERT of the same row there. */
export async function told(lab: Lab): Promise<Measure> {
  const program = lab.nest.get(PartnerProgram, { strict: false });
  const worker = lab.nest.get(JobWorker, { strict: false });
  const contracts = await AccrualRun.prepare(lab);
  await lab.owner.query(`
    drop schema if exists bare cascade; create schema bare;
    create table bare.job (like partner_program.job including all);
    grant usage on schema bare to crm_app; grant all on bare.job to crm_app`);
  const result = await measure({
    id: 'H1c',
    unit: 'µs/transaction',
    reach: { atMost: 1.5 },
    async figure() {
      const rate = await perSecond(1, SLICE_MS, () =>
        lab.db.transaction((tx) => program.contractChanged(tx, contracts.change())),
      );
      return 1_000_000 / rate;
    },
    async floor() {
      const rate = await perSecond(1, SLICE_MS, () =>
        lab.db.transaction((tx) => {
          const { occurredAt, ...change } = contracts.change();
          return tx.query(
            {
              name: 'bare-insert',
              text: `insert into bare.job (key, kind, payload) values ($1, 'contract', $2)`,
            } as never,
            [change.id, JSON.stringify({ ...change, occurredAt })],
          );
        }),
      );
      return 1_000_000 / rate;
    },
  });
  await worker.drain();
  return result;
}
