import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { actionAt, statusActions } from '../../../rules/settings/settings.queries';
import { mayBegin } from '../calculation/contract-history';
import { replay } from '../calculation/replay';
import { RulebookService } from '../calculation/rulebook.service';
import { calculationsOf, eventsOf } from '../commissions.queries';
import { differencesOf } from './rederivation';
import type { Difference } from './rederivation';
import { contractsAfter, postedFor } from './rederivation.queries';

const BATCH_SIZE = 500;
const SHOWN = 100;

/** Some contracts, calculated again. */
export interface RederivedBatch {
  readonly contracts: number;
  readonly differences: readonly Difference[];
}

export interface Rederivation {
  readonly ok: boolean;
  readonly contracts: number;
  /** How many there are; the first hundred are listed. */
  readonly found: number;
  readonly differences: readonly Difference[];
}

/**
 * Derives every commission ever calculated again, from what is stored: the reported events in their order, and the plans,
 * the tree, the partners' states and the status actions as of then. @see Q3
 */
@Injectable()
export class RederivationService {
  private running?: Promise<Rederivation>;

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly rulebooks: RulebookService,
  ) {}

  /** Everything, summed up. Who asks while it runs gets the answer of that run. */
  check(): Promise<Rederivation> {
    this.running ??= this.sumUp().finally(() => (this.running = undefined));
    return this.running;
  }

  /** Every contract once, each batch as of one moment, so that accruals may go on meanwhile. */
  async *batches(): AsyncGenerator<RederivedBatch> {
    for (let last = ''; ;) {
      const after = last;
      const { contractIds, differences } = await this.db.transaction('REPEATABLE READ', (tx) => this.batch(tx, after));
      if (contractIds.length === 0) return;
      last = contractIds.at(-1)!;
      yield { contracts: contractIds.length, differences };
    }
  }

  private async sumUp(): Promise<Rederivation> {
    let [contracts, found] = [0, 0];
    const differences: Difference[] = [];
    for await (const batch of this.batches()) {
      contracts += batch.contracts;
      found += batch.differences.length;
      differences.push(...batch.differences.slice(0, SHOWN - differences.length));
    }
    return { ok: found === 0, contracts, found, differences };
  }

  private async batch(tx: EntityManager, after: string): Promise<{ contractIds: string[]; differences: Difference[] }> {
    const contractIds = await contractsAfter(tx, after, BATCH_SIZE);
    const events = await eventsOf(tx, contractIds);
    const actions = await statusActions(tx);
    const reported = events.map((event) => ({ ...event, action: actionAt(actions, event.status, event.occurredAt) }));
    const rulebook = await this.rulebooks.at(tx, mayBegin(reported));
    const reportedOf = byContract(reported);
    const calculations = byContract(await calculationsOf(tx, contractIds));
    const posted = byContract(await postedFor(tx, events));
    const differences = contractIds.flatMap((contractId) => {
      const replayed = replay(reportedOf(contractId), () => true, new Map(), rulebook);
      return differencesOf(
        contractId,
        { calculations: calculations(contractId), posted: posted(contractId) },
        replayed,
      );
    });
    return { contractIds, differences };
  }
}

function byContract<Row extends { readonly contractId: string }>(rows: readonly Row[]): (contractId: string) => Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.contractId);
    if (group) group.push(row);
    else groups.set(row.contractId, [row]);
  }
  return (contractId) => groups.get(contractId) ?? [];
}
