import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Host } from '../../host';
import type { HostContract } from '../../host';
import type { AttributionSource } from '../../kernel/attribution-source';
import { DAY_MS } from '../../kernel/day';
import { FULL_BPS } from '../../kernel/money';
import type { Currency, Money } from '../../kernel/money';
import { Refusal } from '../../kernel/refusal';
import { tidyText } from '../../kernel/tidy-text';
import { namedUplinesAsOf, partnerNames } from '../../people/partners/partners.queries';
import { Program } from '../../platform/program/program.service';
import type { Actor } from '../../platform/web/access/actor';
import { choosePlan, nearMissesOf } from '../../rules/plans/plan-rules';
import type { NearMiss } from '../../rules/plans/plan-rules';
import { referralIn } from '../attribution/attribution';
import type { Attributed, NobodyReason } from '../attribution/attribution';
import { AttributionService } from '../attribution/attribution.service';
import type { AccrualState } from './calculation/accrual-steps';
import { calculationAsOf } from './calculation/calculation';
import type { Rulebook } from './calculation/calculation';
import type { CommissionLine, LineReason } from './calculation/commission-split';
import { originsOf, rulebookOf } from './calculation/rulebook.service';
import type { AttributedContract } from './calculation/rulebook.service';
import { calculationsOf, statesOf } from './commissions.queries';
import type { CalculationRow, ContractEventRow } from './commissions.queries';
import { roundedOff } from './explanations/explanation';
import { previewFacts, type PreviewFacts } from './previews.queries';

/** A line as shown: with the partner's name. */
export interface PreviewLine extends Omit<CommissionLine, 'reason'> {
  readonly name: string;
  readonly reason: LineReason;
  /** When what was accrued becomes available, where it matures first. */
  readonly releaseAt?: Date;
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
  /** Whose contract it is, or why nobody's; a partner is named to oneself only. @see P20 */
  readonly attribution: {
    readonly source: AttributionSource | null;
    readonly partnerId?: string;
    readonly name?: string;
    readonly reason?: NobodyReason;
  };
  /** False when the one it is attributed to was no partner at that moment, so that nobody is credited. */
  readonly originatorJoined: boolean;
  readonly lines: readonly PreviewLine[];
  readonly totalMinor: number;
  /** What rounding down leaves with the company on these lines, in ten-thousandths of a minor unit. */
  readonly roundedOff: number;
  /** What the present status of the contract does. */
  readonly statusAction: 'none' | 'accrue' | 'reverse';
  /** What the ledger holds for this contract, line by line, reversals taken off. */
  readonly posted?: readonly {
    partnerId: string;
    name: string;
    level: number;
    amountMinor: number;
    reason: LineReason;
  }[];
  readonly postedAt?: Date;
  /** Which inputs are no longer what they were at the signing, so that signing today would pay otherwise. */
  readonly changedSince?: readonly ('attribution' | 'plan' | 'tree' | 'standing' | 'amount')[];
  /** Plans in force that would be for this contract but for the way a name in it is written; for holders of `manageBalances`. */
  readonly nearMisses?: readonly NearMiss[];
}

/** Whose lines are asked for: a partner's own, or everybody's with `manageBalances`. */
type Viewer = Pick<Actor, 'permissions'> & { readonly partner: { readonly id: string } | null };

/** What one contract pays one partner, or would pay if it was signed now; minor units. */
export interface ContractLine {
  readonly level: number;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly state: CommissionPreview['state'];
}

/** Shows what a contract pays, by the same engine that posts it. @see P13 */
@Injectable()
export class PreviewsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly attributions: AttributionService,
    private readonly host: Host,
    private readonly program: Program,
  ) {}

  /**
   * As of now while nothing is posted; as of the signing once it is. A partner sees the own line only.
   *
   * @param amountMinor another base to try, minor units
   * @throws Refusal CONTRACT_NOT_FOUND for an unknown contract, and for one that credits the partner nothing;
   *   CURRENCY_UNKNOWN for one in a unit that is not there
   */
  async preview(actor: Viewer, contractId: string, amountMinor?: number): Promise<CommissionPreview> {
    const contract = await this.host.contract(contractId);
    if (!contract) throw new Refusal('CONTRACT_NOT_FOUND', { contractId });
    const asked = reportedAs(contract);
    const facts = await previewFacts(this.db.manager, asked);
    const state = [...statesOf(facts.calculations).values()].at(-1);
    // As if it was signed now; version 0 is no event's.
    const today = { ...this.attributions.among(facts.candidates, asked), version: 0, occurredAt: facts.now };
    const baseMinor = amountMinor ?? state?.basisMinor ?? contract.valueMinor;
    // Nothing is signed yet: another base is another contract, for which another plan may be meant.
    const moment = state ? beginningOf(facts, state) : { ...today, valueMinor: baseMinor };
    const { rulebook, names } = await this.rulesOf(facts, state ? [moment, today] : [today]);
    const { asOf, planVersionId, lines } = calculationAsOf(moment, baseMinor, rulebook);
    const plan = rulebook.plans.find(({ id }) => id === planVersionId);
    const shown = lines.length > 0 ? lines : notJoinedYet(facts, moment);
    const own = ownLinesOf(actor);
    const releaseAt = state && plan && plan.holdingDays > 0 ? releaseOf(asOf, plan.holdingDays) : undefined;
    const seen = shown
      .filter(own)
      .map((line) => ({ ...line, name: names.get(line.partnerId) ?? '', ...(releaseAt && { releaseAt }) }));
    if (!actor.permissions.has('manageBalances') && seen.length === 0) {
      throw new Refusal('CONTRACT_NOT_FOUND', { contractId });
    }
    const { currency } = moment;
    if (!this.program.now.units.has(currency)) throw new Refusal('CURRENCY_UNKNOWN', { currency });
    return {
      contractId,
      number: contract.number,
      contractStatus: contract.status,
      basis: { amountMinor: baseMinor, currency },
      planVersionId,
      plan: plan ? { name: plan.name, number: plan.number, kind: plan.kind, holdingDays: plan.holdingDays } : null,
      asOf,
      state: stateName(state),
      attribution: attributionOf(moment, names, own),
      originatorJoined: lines.length > 0,
      lines: seen,
      totalMinor: seen.reduce((total, line) => total + line.amountMinor, 0),
      roundedOff: seen.reduce((total, line) => total + roundedOff(baseMinor, line), 0),
      statusAction: facts.statusAction,
      ...(actor.permissions.has('manageBalances') && { nearMisses: nearMissesOf(rulebook.plans, moment, asOf) }),
      ...(state && {
        posted: postedLines(state, own, names),
        postedAt: facts.calculations.at(-1)!.recordedAt,
        changedSince: changesSince(moment, state.basisMinor, today, rulebook),
      }),
    };
  }

  /** What a contract pays or would pay one partner; null where the partner has no line on it. */
  async lineOf(partnerId: string, contractId: string): Promise<ContractLine | null> {
    try {
      const { lines, basis, state } = await this.preview(
        { partner: { id: partnerId }, permissions: new Set() },
        contractId,
      );
      const { level, amountMinor } = lines[0]!;
      return { level, amountMinor, currency: basis.currency, state };
    } catch (error) {
      if (error instanceof Refusal && error.code === 'CONTRACT_NOT_FOUND') return null;
      throw error;
    }
  }

  /** What was in force at these moments, by the facts and the tree, and the names of everybody in it. */
  private async rulesOf({ plans, names }: PreviewFacts, moments: readonly AttributedContract[]) {
    const origins = originsOf(moments);
    const rows = await namedUplinesAsOf(this.db.manager, origins);
    return {
      rulebook: rulebookOf(plans, origins, rows),
      names: new Map([...names, ...rows.map(({ partnerId, name }) => [partnerId, name] as const)]),
    };
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

function attributionOf(
  { attributedTo, attributionSource, attributionReason }: Attributed,
  names: ReadonlyMap<string, string>,
  own: (line: { partnerId: string }) => boolean,
): CommissionPreview['attribution'] {
  if (attributedTo === null) return { source: null, reason: attributionReason ?? 'NO_ATTRIBUTION' };
  if (!own({ partnerId: attributedTo })) return { source: attributionSource };
  return { source: attributionSource, partnerId: attributedTo, name: names.get(attributedTo) ?? '' };
}

/** A holding period is so many times 24 hours. */
function releaseOf(asOf: Date, holdingDays: number): Date {
  return new Date(asOf.getTime() + holdingDays * DAY_MS);
}

function stateName(state: AccrualState | undefined): CommissionPreview['state'] {
  if (!state) return 'forecast';
  return state.reversedBps === FULL_BPS ? 'reversed' : 'posted';
}

function postedLines(
  { lines }: AccrualState,
  own: (line: { partnerId: string }) => boolean,
  names: ReadonlyMap<string, string>,
): CommissionPreview['posted'] {
  return lines.filter(own).map(({ partnerId, level, postedMinor, reason }) => {
    return { partnerId, name: names.get(partnerId) ?? '', level, amountMinor: postedMinor, reason };
  });
}

/** The event that the accrual began with. */
function beginningOf({ events }: PreviewFacts, { version }: AccrualState): ContractEventRow {
  return events.find((event) => event.version === version)!;
}

/** The contract of the CRM in the words of a report. */
function reportedAs({ id: contractId, kind = null, referredBy, ...contract }: HostContract) {
  const tidy = (name: string | null) => (name === null ? null : tidyText(name));
  return {
    ...contract,
    contractId,
    product: tidy(contract.product),
    kind: tidy(kind),
    referredBy: referralIn(referredBy),
  };
}

/** What somebody who signed today would find otherwise than at the signing. */
function changesSince(then: AttributedContract, basisMinor: number, today: AttributedContract, rulebook: Rulebook) {
  const [before, now] = [rulebook.uplineOf(then), rulebook.uplineOf(today)];
  const sameTree =
    before.length === now.length && before.every(({ partnerId }, level) => now[level]?.partnerId === partnerId);
  const sameStanding = before.every(
    ({ active, rank }, level) => now[level]?.active === active && now[level].rank === rank,
  );
  const plans = [then, today].map((moment) => choosePlan(rulebook.plans, moment, moment.occurredAt)?.id);
  return [
    ...(then.attributedTo === today.attributedTo ? [] : ['attribution' as const]),
    ...(plans[0] === plans[1] ? [] : ['plan' as const]),
    ...(sameTree ? [] : ['tree' as const]),
    ...(sameTree && !sameStanding ? ['standing' as const] : []),
    ...(today.valueMinor === basisMinor ? [] : ['amount' as const]),
  ];
}

/** The seller who joined only after the moment: shown with the reason, paid nothing. */
function notJoinedYet({ sellers }: PreviewFacts, { sellerId }: { readonly sellerId: string | null }): CommissionLine[] {
  const partnerId = sellerId === null ? undefined : sellers.get(sellerId)?.partnerId;
  if (partnerId === undefined) return [];
  const nothing = { rateLevel: null, rank: null, rateBps: null, uncappedMinor: 0, amountMinor: 0 };
  return [{ partnerId, level: 0, ...nothing, reason: 'NOT_JOINED_YET' }];
}

function ownLinesOf({ partner, permissions }: Viewer): (line: { partnerId: string }) => boolean {
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
    reversedMinor,
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
    reversedMinor,
    lines: lines.filter(own).map((line) => ({ ...line, name: names.get(line.partnerId) ?? '' })),
  };
}
