import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { PartnerProgram } from '../../modules';
import type { ContractChange } from '../../modules';
import { JobWorker } from '../../modules/platform/jobs/worker.service';
import { connections } from '../support/lab';
import type { Lab } from '../support/lab';
import { measure } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { sellersOf } from '../support/seed';
import type { Seller } from '../support/seed';
import { copyTables, rowWriter, sampleRows } from './accrual-floor';

export const PRODUCERS = 16;
const PRODUCE_MS = 500;
const FLOOR_MS = 900;
/** Between two looks of the worker, so that batches fill up: without it, it would look after every single commit. */
const GATHER_MS = 20;

/** Over all runs of the process: a change that was told before would be nothing to do. */
let told = 0;

/** Tells changes by 16 producers, each in a transaction of its own, while the worker accrues, until all is accrued. */
export class AccrualRun {
  private readonly program: PartnerProgram;
  private readonly worker: JobWorker;

  private constructor(
    private readonly lab: Lab,
    private readonly sellers: readonly Seller[],
  ) {
    this.program = lab.nest.get(PartnerProgram, { strict: false });
    this.worker = lab.nest.get(JobWorker, { strict: false });
  }

  static async prepare(lab: Lab, depth?: number): Promise<AccrualRun> {
    return new AccrualRun(lab, await sellersOf(lab.owner, depth));
  }

  change(): ContractChange {
    const number = ++told;
    return {
      id: `contract-${number}`,
      number: `C/${number}`,
      status: 'signed',
      version: 1,
      sellerId: this.sellers[randomInt(this.sellers.length)]!.userId,
      clientId: `client-${number}`,
      valueMinor: 1_000_00 + randomInt(10_000_00),
      currency: 'PLN',
      product: null,
      refundBps: null,
      occurredAt: new Date(),
    };
  }

  /** @returns contracts, and the milliseconds until the last of them was accrued */
  async run(produceMs: number): Promise<{ contracts: number; ms: number }> {
    const start = performance.now();
    let contracts = 0;
    let producing = true;
    const produced = Promise.all(
      Array.from({ length: PRODUCERS }, async () => {
        while (performance.now() - start < produceMs) {
          await this.lab.db.transaction((tx) => this.program.contractChanged(tx, this.change()));
          contracts += 1;
        }
      }),
    ).finally(() => (producing = false));
    while (producing) {
      await this.worker.drain();
      await sleep(GATHER_MS);
    }
    await produced;
    await this.worker.drain();
    return { contracts, ms: performance.now() - start };
  }
}

/** Contracts a second, from the host's telling to the balance, against bare inserts of the same rows. */
export async function accrual(lab: Lab): Promise<Measure> {
  const ours = await AccrualRun.prepare(lab);
  await ours.run(200);
  await copyTables(lab.owner);
  const sample = await sampleRows(lab.owner, 200);
  const writers: Client[] = await connections(lab, PRODUCERS);
  const write = rowWriter(sample);
  return measure({
    id: 'H1a',
    unit: 'contracts/s',
    reach: { atLeast: 0.6 },
    async figure() {
      const { contracts, ms } = await ours.run(PRODUCE_MS);
      return (contracts * 1_000) / ms;
    },
    async floor() {
      const start = performance.now();
      let contracts = 0;
      await Promise.all(
        writers.map(async (client) => {
          while (performance.now() - start < FLOOR_MS) {
            await write(client);
            contracts += 1;
          }
        }),
      );
      return (contracts * 1_000) / (performance.now() - start);
    },
  });
}
