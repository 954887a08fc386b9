import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { currentTime } from '../../../kernel/clock';
import { Refusal } from '../../../kernel/refusal';
import type { RefusalCode } from '../../../kernel/refusal';
import { transaction } from '../../../kernel/transaction';
import { listPartners } from '../../../people/partners/partner-list.queries';
import { partnerNames } from '../../../people/partners/partners.queries';
import { uplineAt } from '../../../people/partners/tree/placements.queries';
import { PlacementsService } from '../../../people/partners/tree/placements.service';
import type { Move, MoveOrder } from '../../../people/partners/tree/placements.service';
import { AttributionService } from '../../attribution/attribution.service';
import { calculationAsOf } from '../calculation/calculation';
import { RulebookService } from '../calculation/rulebook.service';
import type { ReportedContract } from '../commissions.queries';
import { openContractsBelow } from '../forecasts/forecasts.queries';

/** More open contracts than this are not looked at; the answer says so. */
const MAX_OPEN_CONTRACTS = 500;
const MAX_CANDIDATES = 20;

/** What somebody stands to earn on the open contracts of the moved downline, without and with the move. */
export interface ForecastChange {
  readonly partnerId: string;
  readonly name: string;
  readonly currency: string;
  readonly beforeMinor: number;
  readonly afterMinor: number;
}

export interface MoveImpact extends Omit<Move, 'placement'> {
  readonly openContracts: number;
  /** Whether there are more open contracts than were looked at. */
  readonly truncated: boolean;
  /** Only those whose forecast changes, the largest change first. */
  readonly changes: readonly ForecastChange[];
}

/** What the page for a move was asked for. */
export interface MovePage extends Pick<MoveOrder, 'partnerId' | 'effectiveAt' | 'by'> {
  readonly search?: string;
  /** Null is the top, undefined nobody yet. */
  readonly sponsorId?: string | null;
}

/** Moves a partner and says who gains and who loses by it. @see Q7 */
@Injectable()
export class MovesService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly attributions: AttributionService,
    private readonly placements: PlacementsService,
    private readonly rulebooks: RulebookService,
  ) {}

  /** @throws Refusal as {@link PlacementsService.move} */
  move(order: MoveOrder): Promise<{ placement: Move['placement']; impact: MoveImpact }> {
    return transaction(this.db, (tx) => this.moveIn(tx, order));
  }

  /** The same, taken back: nothing changes. */
  async preview(order: MoveOrder): Promise<{ placement: Move['placement']; impact: MoveImpact }> {
    const runner = this.db.createQueryRunner();
    try {
      await runner.startTransaction('READ COMMITTED');
      return await this.moveIn(runner.manager, order);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }

  /**
   * Whom a partner may be moved to, and what the move to the chosen one would change.
   * @throws Refusal as {@link PlacementsService.move}
   */
  async page({ search, sponsorId, ...order }: MovePage) {
    const names = (id: string) => partnerNames(this.db.manager, [id]);
    const [partner] = (await names(order.partnerId)).values();
    if (partner === undefined) throw new Refusal('NOT_FOUND');
    const found =
      search === undefined
        ? []
        : await listPartners(this.db.manager, { above: null, search, sort: 'name' }, { limit: MAX_CANDIDATES });
    return {
      partner: { id: order.partnerId, name: partner },
      upline: await uplineAt(this.db.manager, order.partnerId, currentTime()),
      candidates: found
        .filter(({ id }) => id !== order.partnerId)
        .map(({ id, firstName, lastName, email, sponsorName }) => ({ id, firstName, lastName, email, sponsorName })),
      ...(sponsorId !== undefined && {
        sponsor: sponsorId === null ? null : { id: sponsorId, name: (await names(sponsorId)).get(sponsorId) },
        ...(await this.previewOrRefusal({ ...order, sponsorId, reason: 'preview' })),
      }),
    };
  }

  /** A page can still offer somebody else. */
  private async previewOrRefusal(
    order: MoveOrder,
  ): Promise<{ preview: { placement: Move['placement']; impact: MoveImpact } } | { refused: RefusalCode }> {
    try {
      return { preview: await this.preview(order) };
    } catch (error) {
      if (error instanceof Refusal) return { refused: error.code };
      throw error;
    }
  }

  private async moveIn(tx: EntityManager, order: MoveOrder) {
    const { placement, ...move } = await this.placements.move(tx, order);
    const open = await openContractsBelow(tx, order.partnerId, MAX_OPEN_CONTRACTS + 1);
    const contracts = open.slice(0, MAX_OPEN_CONTRACTS);
    const impact: MoveImpact = {
      ...move,
      openContracts: contracts.length,
      truncated: open.length > MAX_OPEN_CONTRACTS,
      changes: await this.changes(tx, contracts, placement.effectiveAt),
    };
    return { placement, impact };
  }

  /** The old tree ends a millisecond before the move, so both can be read side by side. */
  private async changes(
    tx: EntityManager,
    contracts: readonly ReportedContract[],
    at: Date,
  ): Promise<ForecastChange[]> {
    const before = await this.forecast(tx, contracts, new Date(at.getTime() - 1));
    const after = await this.forecast(tx, contracts, at);
    const keys = [...new Set([...before.keys(), ...after.keys()])].filter(
      (key) => (before.get(key) ?? 0) !== (after.get(key) ?? 0),
    );
    const names = await partnerNames(
      tx,
      keys.map((key) => key.split(' ')[0]!),
    );
    return keys
      .map((key) => {
        const [partnerId = '', currency = ''] = key.split(' ');
        const name = names.get(partnerId) ?? '';
        return { partnerId, name, currency, beforeMinor: before.get(key) ?? 0, afterMinor: after.get(key) ?? 0 };
      })
      .toSorted((a, b) => Math.abs(b.afterMinor - b.beforeMinor) - Math.abs(a.afterMinor - a.beforeMinor));
  }

  /** Sums by partner and currency (`<id> <code>`), as if all these contracts were signed at that moment. */
  private async forecast(
    tx: EntityManager,
    contracts: readonly ReportedContract[],
    at: Date,
  ): Promise<Map<string, number>> {
    const asIf = contracts.map((contract) => ({ ...contract, occurredAt: at }));
    const moments = await this.attributions.attribute(tx, asIf);
    const rulebook = await this.rulebooks.at(tx, moments);
    const sums = new Map<string, number>();
    for (const moment of moments) {
      for (const { partnerId, amountMinor } of calculationAsOf(moment, moment.valueMinor, rulebook).lines) {
        const key = `${partnerId} ${moment.currency}`;
        sums.set(key, (sums.get(key) ?? 0) + amountMinor);
      }
    }
    return sums;
  }
}
