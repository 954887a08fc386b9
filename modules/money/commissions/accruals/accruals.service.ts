import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { currentTime } from '../../../kernel/clock';
import { DAY_MS } from '../../../kernel/day';
import { LedgerService } from '../../../ledger/ledger.service';
import { available, maturing, move, program } from '../../../ledger/posting';
import type { Posting } from '../../../ledger/posting';
import type { ClaimedJob } from '../../../platform/jobs/jobs.queries';
import { JobsService } from '../../../platform/jobs/jobs.service';
import { markCalculated, shareTimeline } from '../../../platform/timeline/timeline.queries';
import { WebhookReports } from '../../../platform/webhooks/webhook-reports.service';
import { actionAt } from '../../../rules/settings/settings.queries';
import { SettingsService } from '../../../rules/settings/settings.service';
import { AttributionService } from '../../attribution/attribution.service';
import type { Rulebook } from '../calculation/calculation';
import { mayBegin } from '../calculation/contract-history';
import { replay } from '../calculation/replay';
import type { EventSteps } from '../calculation/replay';
import { RulebookService } from '../calculation/rulebook.service';
import {
  calculationsOf,
  eventsOf,
  markReleased,
  planByIndex,
  recordEvents,
  startMaturing,
  statesOf,
  stillMaturing,
  storeSteps,
} from '../commissions.queries';
import type { StoredStep } from '../commissions.queries';
import type { ContractJob } from './contract-job';

/** One worker at a time accrues and releases: nobody contends for the wallets at the top of the tree. */
const ACCRUAL_LOCK = 7_076_003;
const BATCH_SIZE = 100;

interface ReleaseJob {
  readonly contractId: string;
  readonly version: number;
}

/** Turns reported changes of contracts into calculations and postings, each exactly once. */
@Injectable()
export class AccrualsService implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly attributions: AttributionService,
    private readonly ledger: LedgerService,
    private readonly rulebooks: RulebookService,
    private readonly settings: SettingsService,
    private readonly webhooks: WebhookReports,
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
    const reported = jobs.map(({ payload }) => ({ ...payload, occurredAt: new Date(payload.occurredAt) }));
    const added = await recordEvents(tx, await this.attributions.attribute(tx, reported));
    if (added.length === 0) return;
    const contractIds = [...new Set(added.map(({ contractId }) => contractId))];
    const events = await eventsOf(tx, contractIds);
    const actions = await this.settings.actions(tx);
    const history = events.map((event) => ({ ...event, action: actionAt(actions, event.status, event.occurredAt) }));
    const rulebook = await this.rulebooks.at(tx, mayBegin(history));
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
    if (holdings.length > 0) await startMaturing(tx, holdings);
    const left = await stillMaturing(tx, [...new Set(withSteps.map(({ event }) => event.contractId))]);
    const matures = new Set(left.map(({ contractId, version }) => `${version} ${contractId}`));
    const postings = withSteps.map((one) =>
      postingOf(one, (version) => matures.has(`${version} ${one.event.contractId}`)),
    );
    const posted = postings.filter(({ moves }) => moves.length > 0);
    const ids = new Map((await this.ledger.post(tx, ...posted)).map((id, index) => [posted[index]!.key, id]));
    const stored = withSteps.flatMap(({ event, steps }, index) =>
      steps.map((step): StoredStep => ({
        contractId: event.contractId,
        eventVersion: event.version,
        step,
        transactionId: ids.get(postings[index]!.key) ?? null,
      })),
    );
    await storeSteps(tx, stored);
    await this.report(tx, stored);
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

  /** A step that moved no money is nothing to report. */
  private async report(tx: EntityManager, stored: readonly StoredStep[]): Promise<void> {
    if (!(await this.webhooks.isListenedTo(tx, 'commission.posted', 'commission.reversed'))) return;
    const facts = stored.map(commissionFacts).filter(({ lines }) => lines.length > 0);
    const now = currentTime();
    await this.webhooks.report(tx, 'commission.posted', now, ...facts.filter(({ amountMinor }) => amountMinor >= 0));
    await this.webhooks.report(tx, 'commission.reversed', now, ...facts.filter(({ amountMinor }) => amountMinor < 0));
  }

  /** Moves what is left of commissions from maturing to available. @see Q8 */
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
        moves: left.map(({ partnerId, level, postedMinor }) => {
          const amount = { amountMinor: postedMinor, currency: state.currency };
          return move(maturing(partnerId), available(partnerId), amount, { contractId, level });
        }),
      });
    }
  }
}

/** What other systems hear of a step; docs/reference/events.md names the fields. */
function commissionFacts({ contractId, eventVersion, step }: StoredStep) {
  const lines = step.lines
    .filter(({ postedMinor }) => postedMinor !== 0)
    .map(({ partnerId, level, postedMinor: amountMinor }) => ({ partnerId, level, amountMinor }));
  const amountMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0);
  return { contractId, version: eventVersion, currency: step.currency, amountMinor, lines };
}

function postingOf({ event, steps }: EventSteps, matures: (version: number) => boolean): Posting {
  const { contractId, version, occurredAt } = event;
  const changes = steps.flatMap(({ version, currency, lines }) =>
    lines
      .filter(({ postedMinor }) => postedMinor !== 0)
      .map(({ partnerId, level, postedMinor }) => ({
        wallet: matures(version) ? maturing(partnerId) : available(partnerId),
        level,
        currency,
        postedMinor,
      })),
  );
  const totals = new Map<string, number>();
  for (const { currency, postedMinor } of changes) totals.set(currency, (totals.get(currency) ?? 0) + postedMinor);
  return {
    key: `contract:${contractId}:${version}`,
    kind: [...totals.values()].some((totalMinor) => totalMinor < 0) ? 'reversal' : 'commission',
    occurredAt,
    postedBy: 'program',
    moves: changes.map(({ wallet, level, currency, postedMinor }) => {
      const amount = { amountMinor: Math.abs(postedMinor), currency };
      return postedMinor > 0
        ? move(program('commissions'), wallet, amount, { kind: 'commission', contractId, level })
        : move(wallet, program('commissions'), amount, { kind: 'reversal', contractId, level });
    }),
  };
}

function latest(work: readonly EventSteps[]): Date {
  return new Date(Math.max(...work.map(({ event }) => event.occurredAt.getTime())));
}
