import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { refuseOn } from '../../../kernel/query';
import { Refusal } from '../../../kernel/refusal';
import { attributeChanges } from '../../../platform/audit/audit.queries';
import type { Signature } from '../../../platform/audit/audit.queries';
import { JobsService } from '../../../platform/jobs/jobs.service';
import { lockTimeline } from '../../../platform/timeline/timeline.queries';
import { WebhookReports } from '../../../platform/webhooks/webhook-reports.service';
import { Partner } from '../partner.entity';
import { lastPlacement, replacePlacement, reshape, sponsorAt, uplineAt, wouldCircle } from './placements.queries';
import type { PlacementRow } from './placements.queries';

export interface MoveOrder {
  readonly partnerId: string;
  /** The new sponsor; null puts the partner at the top. */
  readonly sponsorId: string | null;
  readonly reason: string;
  /** From when on; now where not given. */
  readonly effectiveAt?: Date;
  readonly by: Signature;
}

/** What a move does to the tree: who no longer stands above the partner, and who newly does. */
export interface Move {
  readonly placement: PlacementRow;
  /** Everybody who moves along, the partner included; null while the move is only planned. */
  readonly partners: number | null;
  readonly leaves: readonly { readonly id: string; readonly name: string }[];
  readonly joins: readonly { readonly id: string; readonly name: string }[];
}

interface PlannedMove {
  readonly partnerId: string;
}

/** Moves partners with their downline, from a moment on; what was before stays as it was. @see Q7 */
@Injectable()
export class PlacementsService implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly webhooks: WebhookReports,
  ) {}

  onModuleInit(): void {
    this.jobs.register<PlannedMove>({
      kind: 'placement',
      batchSize: 1,
      run: async (tx, jobs) => {
        for (const { payload } of jobs) await this.carryOut(tx, payload);
      },
    });
  }

  /**
   * @param tx a transaction in which nothing ran before: the tree is locked first, so that of two moves at once the
   *           second sees the first
   * @throws Refusal NOT_FOUND, TREE_CYCLE, TREE_TOO_DEEP, PLACEMENT_UNCHANGED, PLACEMENT_PLANNED (`effectiveAt`),
   *         EFFECTIVE_DATE_PAST (`earliest`)
   */
  async move(tx: EntityManager, { partnerId, sponsorId, reason, effectiveAt, by }: MoveOrder): Promise<Move> {
    await attributeChanges(tx, by);
    const { earliest, moment } = await lockTimeline(tx);
    const at = effectiveAt ?? moment;
    const last = await lastPlacement(tx, partnerId);
    if (!last || (sponsorId !== null && !(await lastPlacement(tx, sponsorId)))) throw new Refusal('NOT_FOUND');
    const possible = await earliestUnder(tx, sponsorId, earliest);
    if (at < possible) throw new Refusal('EFFECTIVE_DATE_PAST', { earliest: possible });
    if (last.effectiveAt >= at) throw new Refusal('PLACEMENT_PLANNED', { effectiveAt: last.effectiveAt });
    if (last.sponsorId === sponsorId) throw new Refusal('PLACEMENT_UNCHANGED');
    if (sponsorId !== null && (await wouldCircle(tx, partnerId, sponsorId, at))) throw new Refusal('TREE_CYCLE');
    const before = await uplineAt(tx, partnerId, at);
    const placement = await replacePlacement(tx, last, { sponsorId, effectiveAt: at, reason, placedBy: by.ref });
    await this.webhooks.report(tx, 'partner.moved', moment, { partnerId, sponsorId, effectiveAt: at });
    const after = await uplineAt(tx, partnerId, at);
    return {
      placement,
      partners: at <= moment ? await reshapeWithin(tx, partnerId, sponsorId) : await this.plan(tx, placement),
      leaves: before.filter(({ id }) => !after.some((other) => other.id === id)),
      joins: after.filter(({ id }) => !before.some((other) => other.id === id)),
    };
  }

  private async plan(tx: EntityManager, { id, partnerId, effectiveAt }: PlacementRow): Promise<null> {
    const payload: PlannedMove = { partnerId };
    await this.jobs.add(tx, { key: `placement:${id}`, kind: 'placement', payload, dueAt: effectiveAt });
    return null;
  }

  /** The day of a planned move has come. */
  private async carryOut(tx: EntityManager, { partnerId }: PlannedMove): Promise<void> {
    const { moment } = await lockTimeline(tx);
    await reshape(tx, partnerId, await sponsorAt(tx, partnerId, moment));
  }
}

/** Nobody stands below a sponsor from before that sponsor joined. */
async function earliestUnder(tx: EntityManager, sponsorId: string | null, earliest: Date): Promise<Date> {
  const sponsor = sponsorId === null ? null : await tx.findOneBy(Partner, { id: sponsorId });
  return sponsor && sponsor.joinedAt > earliest ? sponsor.joinedAt : earliest;
}

function reshapeWithin(tx: EntityManager, partnerId: string, sponsorId: string | null): Promise<number> {
  return refuseOn({ partner_path_depth: 'TREE_TOO_DEEP' }, () => reshape(tx, partnerId, sponsorId));
}
