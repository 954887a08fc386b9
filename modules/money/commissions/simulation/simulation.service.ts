import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { safeMinor } from '../../../kernel/money';
import { Refusal } from '../../../kernel/refusal';
import { PlansService } from '../../../rules/plans/plans.service';
import type { CommissionLine } from '../calculation/commission-split';
import { linesUnder, Simulation, versionsWith } from './simulation';
import { copyContracts, loadTree, partnersByNumber, prepareSimulation, signedAgain } from './simulation.queries';

/** How many partners are named. */
const MOST_PARTNERS = 1_000;

/** A line of a simulated contract: with the partner's name. */
export interface SimulatedLine extends CommissionLine {
  readonly name: string;
}

/** What contracts of a time cost and would have cost; minor units of the plan's currency. @see Q9 */
export interface SimulationReport {
  readonly currency: string;
  readonly contracts: number;
  readonly totalBeforeMinor: number;
  readonly totalAfterMinor: number;
  /** Everybody who got or would have got something, the biggest difference first; at most a thousand. */
  readonly partners: readonly { partnerId: string; name: string; beforeMinor: number; afterMinor: number }[];
  /** The contracts whose money would go elsewhere the most, with both explanations; amounts less what was taken back. */
  readonly changes: readonly {
    readonly contractId: string;
    readonly asOf: Date;
    readonly basisMinor: number;
    readonly before: readonly SimulatedLine[];
    readonly after: readonly SimulatedLine[];
  }[];
}

type Names = ReadonlyMap<number, { partnerId: string; name: string }>;

/** Tries a plan version on what was sold in the past. Writes nothing. @see Q9 */
@Injectable()
export class SimulationService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly plans: PlansService,
  ) {}

  /**
   * Contracts that accrued from a moment up to but without another, in the currency of the plan: what they paid, and
   * what they would have paid had this version stood wherever a version of its plan stood. A plan without one in that
   * time counts as in force for all of it, and as the one activated last. Everything is read as of one moment, row by row.
   *
   * @param progress called with the number of accruals done so far, about once in ten thousand
   * @throws Refusal NOT_FOUND, INVALID_INPUT for a time that ends before it begins
   */
  async simulate(
    versionId: string,
    time: { readonly from: Date; readonly to: Date },
    progress: (accruals: number) => void = () => undefined,
  ): Promise<SimulationReport> {
    if (time.from >= time.to) throw new Refusal('INVALID_INPUT', { field: 'to' });
    const runner = this.db.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    try {
      await runner.startTransaction('REPEATABLE READ');
      await runner.query('set transaction read only');
      return await this.run(runner.manager, client, versionId, time, progress);
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
    }
  }

  /** The version with the result for a time, where one is given. @throws as {@link simulate} */
  async page(versionId: string, time?: { readonly from: Date; readonly to: Date }) {
    const { name, number } = await this.plans.version(this.db.manager, versionId);
    const report = time && (await this.simulate(versionId, time));
    return { versionId, plan: { name, number }, ...time, ...report };
  }

  private async run(
    tx: EntityManager,
    client: PoolClient,
    versionId: string,
    time: { readonly from: Date; readonly to: Date },
    progress: (accruals: number) => void,
  ): Promise<SimulationReport> {
    const version = await this.plans.version(tx, versionId);
    const active = await this.plans.active(tx);
    const window = { ...time, currency: version.currency };
    await prepareSimulation(tx, window);
    const simulation = new Simulation(
      await loadTree(tx, client),
      versionsWith(active, version, time),
      version.currency,
    );
    await copyContracts(client, active, (contract, idOf) => {
      simulation.add(contract, idOf);
      if (simulation.accruals % 10_000 === 0) progress(simulation.accruals);
    });
    const shown = mostChanged(simulation);
    const explained = simulation.changes.flatMap(({ path }) => path.partners);
    const names = await partnersByNumber(tx, [...shown, ...explained]);
    return {
      currency: version.currency,
      contracts: simulation.accruals - (await signedAgain(tx, window)),
      totalBeforeMinor: safeMinor(simulation.before.reduce((total, minor) => total + minor, 0)),
      totalAfterMinor: safeMinor(simulation.after.reduce((total, minor) => total + minor, 0)),
      partners: shown.map((partner) => ({
        ...names.get(partner)!,
        beforeMinor: simulation.before[partner]!,
        afterMinor: simulation.after[partner]!,
      })),
      changes: changesOf(simulation, names),
    };
  }
}

/** The numbers of those who got or would have got something, the biggest difference first. */
function mostChanged({ before, after }: Simulation): number[] {
  const difference = (partner: number): number => Math.abs(after[partner]! - before[partner]!);
  const paid: number[] = [];
  for (let partner = 1; partner < before.length; partner += 1) {
    if (before[partner] !== 0 || after[partner] !== 0) paid.push(partner);
  }
  return paid.sort((a, b) => difference(b) - difference(a) || a - b).slice(0, MOST_PARTNERS);
}

function changesOf({ changes }: Simulation, names: Names): SimulationReport['changes'] {
  const named = (lines: readonly CommissionLine[]): SimulatedLine[] =>
    lines.map((line) => ({ ...line, ...names.get(Number(line.partnerId))! }));
  return changes.map((change) => ({
    contractId: change.contractId,
    asOf: new Date(change.contract.asOf),
    basisMinor: change.contract.basisMinor,
    before: named(linesUnder(change.contract.facts.plan, change)),
    after: named(linesUnder(change.planAfter, change)),
  }));
}
