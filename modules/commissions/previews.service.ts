import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Host } from '../host';
import type { HostContract } from '../host';
import type { Money } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { partnerNames, partnersOfUsers } from '../partners/partners.queries';
import type { Actor } from '../web/actor';
import type { AccrualState } from './accrual-steps';
import { calculationAsOf } from './calculation';
import type { CommissionLine, LineReason } from './commission-split';
import { calculationsOf, eventsOf, statesOf } from './commissions.queries';
import type { CalculationRow } from './commissions.queries';
import { RulebookService } from './rulebook.service';
import type { SoldContract } from './rulebook.service';

/** A line as shown: with the partner's name. */
export interface PreviewLine extends Omit<CommissionLine, 'reason'> {
  readonly name: string;
  readonly reason: LineReason;
}

export interface CommissionPreview {
  readonly contractId: string;
  readonly number: string;
  readonly contractStatus: string;
  readonly basis: Money;
  readonly planVersionId: string | null;
  readonly plan: {
    readonly name: string;
    readonly number: number;
    readonly kind: string;
    readonly holdingDays: number;
  } | null;
  readonly asOf: Date;
  readonly state: 'forecast' | 'posted' | 'reversed';
  /** False when the seller was no partner at that moment, so that nobody is credited. */
  readonly originatorJoined: boolean;
  readonly lines: readonly PreviewLine[];
  readonly totalMinor: number;
  /** What the ledger holds for this contract, line by line, reversals taken off. */
  readonly posted?: readonly {
    partnerId: string;
    name: string;
    level: number;
    amountMinor: number;
    reason: LineReason;
  }[];
  readonly postedAt?: Date;
}

/** Shows what a contract pays, by the same engine that posts it. @see P13 */
@Injectable()
export class PreviewsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
    private readonly rulebooks: RulebookService,
  ) {}

  /**
   * As of now while nothing is posted; as of the signing once it is. A partner sees the own line only.
   *
   * @param amountMinor another base to try, minor units
   * @throws Refusal CONTRACT_NOT_FOUND for an unknown contract, and for one that credits the partner nothing
   */
  async preview(actor: Actor, contractId: string, amountMinor?: number): Promise<CommissionPreview> {
    const contract = await this.host.contract(contractId);
    if (!contract) throw new Refusal('CONTRACT_NOT_FOUND', { contractId });
    return this.db.transaction('REPEATABLE READ', async (tx) => {
      const calculations = await calculationsOf(tx, [contractId]);
      const state = [...statesOf(calculations).values()].at(-1);
      const moment = await momentOf(tx, contract, state);
      const baseMinor = amountMinor ?? state?.basisMinor ?? contract.valueMinor;
      const rulebook = await this.rulebooks.at(tx, [moment]);
      const { asOf, planVersionId, lines } = calculationAsOf(moment, baseMinor, rulebook);
      const plan = rulebook.plans.find(({ id }) => id === planVersionId);
      const shown = lines.length > 0 ? lines : await notJoinedYet(tx, moment);
      const names = await partnerNames(
        tx,
        [...shown, ...(state?.lines ?? [])].map(({ partnerId }) => partnerId),
      );
      const own = ownLinesOf(actor);
      const seen = shown.filter(own).map((line) => ({ ...line, name: names.get(line.partnerId) ?? '' }));
      const posted = state?.lines.filter(own).map(({ partnerId, level, postedMinor, reason }) => {
        return { partnerId, name: names.get(partnerId) ?? '', level, amountMinor: postedMinor, reason };
      });
      if (!actor.permissions.has('manageBalances') && seen.length === 0)
        throw new Refusal('CONTRACT_NOT_FOUND', { contractId });
      return {
        contractId,
        number: contract.number,
        contractStatus: contract.status,
        basis: { amountMinor: baseMinor, currency: moment.currency },
        planVersionId,
        plan: plan ? { name: plan.name, number: plan.number, kind: plan.kind, holdingDays: plan.holdingDays } : null,
        asOf,
        state: !state ? 'forecast' : state.reversedBps === 10_000 ? 'reversed' : 'posted',
        originatorJoined: lines.length > 0,
        lines: seen,
        totalMinor: seen.reduce((total, line) => total + line.amountMinor, 0),
        ...(state ? { posted, postedAt: calculations.at(-1)!.recordedAt } : {}),
      };
    });
  }

  /** Every step calculated for a contract, the oldest first; a partner sees the own lines only. */
  async commissions(actor: Actor, contractId: string) {
    const { manager } = this.db;
    const calculations = await calculationsOf(manager, [contractId]);
    const names = await partnerNames(
      manager,
      calculations.flatMap(({ lines }) => lines.map(({ partnerId }) => partnerId)),
    );
    const own = ownLinesOf(actor);
    const data = calculations
      .map((calculation) => commissionJson(calculation, names, own))
      .filter(({ lines }) => lines.length > 0 || actor.permissions.has('manageBalances'));
    if (data.length === 0 && !(actor.permissions.has('manageBalances') && (await this.host.contract(contractId)))) {
      throw new Refusal('CONTRACT_NOT_FOUND', { contractId });
    }
    return { contractId, data, nextCursor: null };
  }
}

/** The moment that counts: of the event the last accrual began with, else now. */
async function momentOf(
  tx: EntityManager,
  contract: HostContract,
  state: AccrualState | undefined,
): Promise<SoldContract> {
  if (state) {
    const events = await eventsOf(tx, [contract.id]);
    return events.find(({ version }) => version === state.version)!;
  }
  const [row] = await tx.query<{ now: Date }[]>('select partner_program.now_ms() as now');
  return { ...contract, contractId: contract.id, kind: contract.kind ?? null, occurredAt: row!.now };
}

/** The seller who joined only after the moment: shown with the reason, paid nothing. */
async function notJoinedYet(tx: EntityManager, { sellerId }: SoldContract): Promise<CommissionLine[]> {
  const partnerId = sellerId === null ? undefined : (await partnersOfUsers(tx, [sellerId])).get(sellerId);
  if (partnerId === undefined) return [];
  const nothing = { rateLevel: null, rank: null, rateBps: null, uncappedMinor: 0, amountMinor: 0 };
  return [{ partnerId, level: 0, ...nothing, reason: 'NOT_JOINED_YET' }];
}

function ownLinesOf({ partner, permissions }: Actor): (line: { partnerId: string }) => boolean {
  return ({ partnerId }) => permissions.has('manageBalances') || partnerId === partner?.id;
}

function commissionJson(
  {
    id,
    kind,
    version,
    eventVersion,
    asOf,
    recordedAt,
    planVersionId,
    basisMinor,
    currency,
    reversedBps,
    lines,
  }: CalculationRow,
  names: ReadonlyMap<string, string>,
  own: (line: { partnerId: string }) => boolean,
) {
  return {
    id,
    kind,
    accrualVersion: version,
    eventVersion,
    asOf,
    recordedAt,
    planVersionId,
    basis: { amountMinor: basisMinor, currency },
    reversedBps,
    lines: lines.filter(own).map((line) => ({ ...line, name: names.get(line.partnerId) ?? '' })),
  };
}
