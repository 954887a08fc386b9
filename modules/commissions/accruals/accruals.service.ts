import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ClaimedJob } from '../../jobs/jobs.queries';
import { JobsService } from '../../jobs/jobs.service';
import { available, LedgerService, pending, program } from '../../ledger/ledger.service';
import type { Posting } from '../../ledger/ledger.service';
import { actionAt } from '../../settings/settings.queries';
import { SettingsService } from '../../settings/settings.service';
import { markCalculated, shareTimeline } from '../../timeline/timeline.queries';
import type { Rulebook } from '../calculation/calculation';
import {
  calculationsOf,
  eventsOf,
  heldBack,
  holdBack,
  markReleased,
  planByIndex,
  recordEvents,
  statesOf,
  storeSteps,
} from '../commissions.queries';
import type { StoredStep } from '../commissions.queries';
import type { ContractJob } from './contract-job';
import { replay } from '../calculation/replay';
import type { EventSteps } from '../calculation/replay';
import { RulebookService } from '../calculation/rulebook.service';

/** One worker at a time accrues and releases: nobody contends for the wallets at the top of the tree. */
const ACCRUAL_LOCK = 7_076_003;
const BATCH_SIZE = 100;
const DAY_MS = 86_400_000;

interface ReleaseJob {
  readonly contractId: string;
  readonly version: number;
}

/** Turns told changes of contracts into calculations and postings, each exactly once. */
@Injectable()
export class AccrualsService implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly ledger: LedgerService,
    private readonly rulebooks: RulebookService,
    private readonly settings: SettingsService,
  ) {}

  onModuleInit(): void {
    this.jobs.register<ContractJob>({
      kind: 'contract',
      batchSize: BATCH_SIZE,
      soloLock: ACCRUAL_LOCK,
      run: (tx, jobs) => this.accrue(tx, jobs),
    });
    this.jobs.register<ReleaseJob>({
      kind: 'release',
      batchSize: BATCH_SIZE,
      soloLock: ACCRUAL_LOCK,
      run: (tx, jobs) => this.release(tx, jobs),
    });
  }

  /**
   * Calculates as of the moment of each change and posts the difference to what is posted already. Reads and writes
   * in a fixed number of statements, whatever the size of the batch.
   * @see P12 Q3 Q4
   */
  private async accrue(tx: EntityManager, jobs: readonly ClaimedJob<ContractJob>[]): Promise<void> {
    await shareTimeline(tx);
    await planByIndex(tx);
    const told = jobs.map(({ payload }) => ({ ...payload, occurredAt: new Date(payload.occurredAt) }));
    const added = await recordEvents(tx, told);
    if (added.length === 0) return;
    const contractIds = [...new Set(added.map(({ contractId }) => contractId))];
    const events = await eventsOf(tx, contractIds);
    const actions = await this.settings.actions(tx);
    const history = events.map((event) => ({ ...event, action: actionAt(actions, event.status, event.occurredAt) }));
    const rulebook = await this.rulebooks.at(
      tx,
      history.filter(({ action }) => action === 'accrue'),
    );
    const known = await calculationsOf(tx, contractIds);
    const isNew = new Set(added.map(({ contractId, version }) => `${version} ${contractId}`));
    const work = contractIds.flatMap((contractId) => {
      const own = history.filter((event) => event.contractId === contractId);
      const states = statesOf(known.filter((calculation) => calculation.contractId === contractId));
      return replay(own, (event) => isNew.has(`${event.version} ${contractId}`), states, rulebook);
    });
    await this.write(tx, work, rulebook);
    await markCalculated(tx, latest(work));
  }

  private async write(tx: EntityManager, work: readonly EventSteps[], { plans }: Rulebook): Promise<void> {
    const withSteps = work.filter(({ steps }) => steps.length > 0);
    if (withSteps.length === 0) return;
    const holdings = withSteps.flatMap(({ event, steps }) =>
      steps.flatMap(({ kind, version, asOf, planVersionId }) => {
        const days = plans.find(({ id }) => id === planVersionId)?.holdingDays ?? 0;
        if (kind !== 'accrual' || days === 0) return [];
        return [{ contractId: event.contractId, version, releaseAt: new Date(asOf.getTime() + days * DAY_MS) }];
      }),
    );
    if (holdings.length > 0) await holdBack(tx, holdings);
    const stillHeld = await heldBack(tx, [...new Set(withSteps.map(({ event }) => event.contractId))]);
    const isHeld = new Set(stillHeld.map(({ contractId, version }) => `${version} ${contractId}`));
    const postings = withSteps.map((one) =>
      postingOf(one, (version) => isHeld.has(`${version} ${one.event.contractId}`)),
    );
    const posted = postings.filter(({ entries }) => entries.length > 0);
    const ids = new Map((await this.ledger.post(tx, ...posted)).map((id, index) => [posted[index]!.key, id]));
    await storeSteps(
      tx,
      withSteps.flatMap(({ event, steps }, index) =>
        steps.map((step): StoredStep => ({
          contractId: event.contractId,
          eventVersion: event.version,
          step,
          transactionId: ids.get(postings[index]!.key) ?? null,
        })),
      ),
    );
    await this.jobs.add(
      tx,
      ...holdings.map(({ contractId, version, releaseAt }) => ({
        key: `release:${contractId}:${version}`,
        kind: 'release',
        payload: { contractId, version } satisfies ReleaseJob,
        dueAt: releaseAt,
      })),
    );
  }

  /** Moves what is left of held-back commissions from pending to available. @see Q8 */
  private async release(tx: EntityManager, jobs: readonly ClaimedJob<ReleaseJob>[]): Promise<void> {
    for (const { key, payload } of jobs) {
      const { contractId, version } = payload;
      if (!(await markReleased(tx, contractId, version))) continue;
      const state = statesOf(await calculationsOf(tx, [contractId])).get(version);
      const left = state?.lines.filter(({ postedMinor }) => postedMinor > 0) ?? [];
      if (!state || left.length === 0) continue;
      await this.ledger.post(tx, {
        key,
        kind: 'release',
        occurredAt: state.asOf,
        postedBy: 'program',
        entries: left.flatMap(({ partnerId, level, postedMinor }) => [
          { account: pending(partnerId), currency: state.currency, amountMinor: -postedMinor, contractId, level },
          { account: available(partnerId), currency: state.currency, amountMinor: postedMinor, contractId, level },
        ]),
      });
    }
  }
}

function postingOf({ event, steps }: EventSteps, isHeld: (version: number) => boolean): Posting {
  const { contractId, version, occurredAt } = event;
  const credits = steps.flatMap(({ version, currency, lines }) =>
    lines
      .filter(({ postedMinor }) => postedMinor !== 0)
      .map(({ partnerId, level, postedMinor }) => ({
        account: isHeld(version) ? pending(partnerId) : available(partnerId),
        currency,
        amountMinor: postedMinor,
        kind: postedMinor > 0 ? ('commission' as const) : ('reversal' as const),
        contractId,
        level,
      })),
  );
  const totals = new Map<string, number>();
  for (const { currency, amountMinor } of credits) totals.set(currency, (totals.get(currency) ?? 0) + amountMinor);
  const costs = [...totals]
    .filter(([, totalMinor]) => totalMinor !== 0)
    .map(([currency, totalMinor]) => ({
      account: program('commissions'),
      currency,
      amountMinor: -totalMinor,
      contractId,
    }));
  return {
    key: `contract:${contractId}:${version}`,
    kind: [...totals.values()].some((totalMinor) => totalMinor < 0) ? 'reversal' : 'commission',
    occurredAt,
    postedBy: 'program',
    entries: [...credits, ...costs],
  };
}

function latest(work: readonly EventSteps[]): Date {
  return new Date(Math.max(...work.map(({ event }) => event.occurredAt.getTime())));
}
