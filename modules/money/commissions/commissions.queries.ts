import type { EntityManager } from 'typeorm';
import { changed, rows, run } from '../../kernel/query';
import type { Attributed } from '../attribution/attribution';
import type { AccrualState, AccrualStep, StepLine } from './calculation/accrual-steps';
import { stateAfter } from './calculation/accrual-steps';
import type { LineReason } from './calculation/commission-split';

/** The plans of named statements are made while the tables are small, and kept; read through indexes from the start. */
export async function planByIndex(tx: EntityManager): Promise<void> {
  await tx.query('set local enable_seqscan = off');
}

/** A change of a contract as reported by the host, in the words of the table. */
export interface ReportedContract {
  readonly contractId: string;
  readonly version: number;
  readonly number: string | null;
  readonly status: string;
  readonly sellerId: string | null;
  readonly clientId: string | null;
  readonly valueMinor: number;
  readonly currency: string;
  readonly product: string | null;
  readonly kind: string | null;
  readonly refundBps: number | null;
  readonly refundMinor: number | null;
  readonly referredBy: string | null;
  readonly occurredAt: Date;
}

/** The same with whose contract it was, found when it was reported. */
export type ContractEventRow = ReportedContract & Attributed;

const RECORD_EVENTS = {
  name: 'commissions-record-events',
  text: `
    insert into partner_program.contract_event
           (contract_id, version, number, status, seller_id, client_id, value_minor, currency, product, kind, refund_bps, refund_minor,
            referred_by, attributed_to, attribution_source, attribution_reason, occurred_at)
    select "contractId", version, number, status, "sellerId", "clientId", "valueMinor", currency, product, kind, "refundBps", "refundMinor",
           "referredBy", "attributedTo", "attributionSource", "attributionReason", "occurredAt"
      from jsonb_to_recordset($1) as event ("contractId" text, version integer, number text, status text, "sellerId" text,
           "clientId" text, "valueMinor" bigint, currency text, product text, kind text, "refundBps" integer, "refundMinor" bigint,
           "referredBy" text, "attributedTo" uuid, "attributionSource" text, "attributionReason" text, "occurredAt" timestamptz)
     order by "contractId", version
    on conflict on constraint contract_event_pkey do nothing
    returning contract_id, version`,
};

/** Keeps what the host reported, of each contract in the order of its versions. @returns the events that were not known before */
export function recordEvents(
  tx: EntityManager,
  events: readonly ContractEventRow[],
): Promise<{ contractId: string; version: number }[]> {
  return rows(tx, RECORD_EVENTS, [JSON.stringify(events)]);
}

export const EVENTS_OF = {
  name: 'commissions-events-of',
  text: `
    select contract_id as "contractId", version, number, status, seller_id as "sellerId", client_id as "clientId",
           value_minor::float8 as "valueMinor", currency, product, kind, refund_bps as "refundBps",
           refund_minor::float8 as "refundMinor",
           referred_by as "referredBy", attributed_to as "attributedTo", attribution_source as "attributionSource",
           attribution_reason as "attributionReason", occurred_at as "occurredAt"
      from partner_program.contract_event where contract_id = any ($1) order by contract_id, seq`,
};

/** The events of these contracts, in the order in which they were reported. */
export function eventsOf(tx: EntityManager, contractIds: readonly string[]): Promise<ContractEventRow[]> {
  return rows(tx, EVENTS_OF, [contractIds]);
}

/** One calculation as stored, with its lines. */
export interface CalculationRow extends AccrualStep {
  readonly id: string;
  readonly contractId: string;
  readonly eventVersion: number;
  readonly transactionId: string | null;
  readonly recordedAt: Date;
}

/** A calculation with one of its lines, or with none. */
export interface CalculationRecord extends Omit<CalculationRow, 'lines'> {
  readonly level: number | null;
  readonly partnerId: string;
  readonly rateLevel: number | null;
  readonly rank: string | null;
  readonly rateBps: number | null;
  readonly uncappedMinor: number;
  readonly amountMinor: number;
  readonly postedMinor: number;
  readonly reason: LineReason;
}

export const CALCULATIONS_OF = {
  name: 'commissions-calculations-of',
  // Amounts stay below 2^53, where float8 is exact and arrives as a number. `offset 0` has the lines looked up by
  // their key, also by a plan made while there were few of them.
  text: `
    select c.id, c.contract_id as "contractId", c.accrual_version as version, c.event_version as "eventVersion", c.kind,
           c.as_of as "asOf", c.plan_version_id as "planVersionId", c.basis_minor::float8 as "basisMinor", c.currency,
           c.reversed_bps as "reversedBps", c.reversed_minor::float8 as "reversedMinor", c.transaction_id as "transactionId", c.recorded_at as "recordedAt",
           l.level, l.partner_id as "partnerId", l.rate_level as "rateLevel", l.rank, l.rate_bps as "rateBps",
           l.uncapped_minor::float8 as "uncappedMinor", l.amount_minor::float8 as "amountMinor",
           l.posted_minor::float8 as "postedMinor", l.reason
      from partner_program.calculation c
      left join lateral (select * from partner_program.commission_line where calculation_id = c.id offset 0) l on true
     where c.contract_id = any ($1)
     order by c.id, l.level`,
};

/** Everything calculated for these contracts, oldest first. */
export async function calculationsOf(tx: EntityManager, contractIds: readonly string[]): Promise<CalculationRow[]> {
  return calculationsIn(await rows<CalculationRecord>(tx, CALCULATIONS_OF, [contractIds]));
}

/** The calculations that records are of, in their order. */
export function calculationsIn(records: readonly CalculationRecord[]): CalculationRow[] {
  const calculations = new Map<string, CalculationRow & { lines: StepLine[] }>();
  for (const {
    level,
    partnerId,
    rateLevel,
    rank,
    rateBps,
    uncappedMinor,
    amountMinor,
    postedMinor,
    reason,
    ...head
  } of records) {
    const calculation = calculations.get(head.id) ?? { ...head, lines: [] };
    calculations.set(head.id, calculation);
    if (level === null) continue;
    calculation.lines.push({
      level,
      partnerId,
      rateLevel,
      rank,
      rateBps,
      uncappedMinor,
      amountMinor,
      postedMinor,
      reason,
    });
  }
  return [...calculations.values()];
}

/** Where each accrual of a contract stands after its calculations, by accrual version. */
export function statesOf(calculations: readonly CalculationRow[]): Map<number, AccrualState> {
  const states = new Map<number, AccrualState>();
  for (const {
    version,
    kind,
    lines,
    asOf,
    planVersionId,
    basisMinor,
    currency,
    reversedBps,
    reversedMinor,
  } of calculations) {
    const step = { version, kind, lines, asOf, planVersionId, basisMinor, currency, reversedBps, reversedMinor };
    states.set(version, stateAfter(states.get(version), step));
  }
  return states;
}

/** A step of one contract, with the event that made it and the ledger transaction that posted it. */
export interface StoredStep {
  readonly contractId: string;
  readonly eventVersion: number;
  readonly step: AccrualStep;
  readonly transactionId: string | null;
}

const STORE_CALCULATIONS = {
  name: 'commissions-store-calculations',
  text: `
    insert into partner_program.calculation
           (contract_id, accrual_version, event_version, kind, as_of, plan_version_id, basis_minor, currency, reversed_bps,
            reversed_minor, transaction_id)
    select * from unnest($1::text[], $2::integer[], $3::integer[], $4::text[], $5::timestamptz[], $6::uuid[], $7::bigint[],
                         $8::text[], $9::integer[], $10::bigint[], $11::bigint[])
    returning id, contract_id, accrual_version as version, event_version`,
};

const STORE_LINES = {
  name: 'commissions-store-lines',
  text: `
    insert into partner_program.commission_line
           (calculation_id, level, partner_id, rate_level, rank, rate_bps, uncapped_minor, amount_minor, posted_minor, reason)
    select * from unnest($1::bigint[], $2::integer[], $3::uuid[], $4::integer[], $5::text[], $6::integer[], $7::bigint[],
                         $8::bigint[], $9::bigint[], $10::text[])`,
};

/** Stores calculations with a line for everybody on the path. */
export async function storeSteps(tx: EntityManager, stored: readonly StoredStep[]): Promise<void> {
  const steps = stored.map(({ step }) => step);
  const found = await rows<{ id: string; contractId: string; version: number; eventVersion: number }>(
    tx,
    STORE_CALCULATIONS,
    [
      stored.map(({ contractId }) => contractId),
      steps.map(({ version }) => version),
      stored.map(({ eventVersion }) => eventVersion),
      steps.map(({ kind }) => kind),
      steps.map(({ asOf }) => asOf),
      steps.map(({ planVersionId }) => planVersionId),
      steps.map(({ basisMinor }) => basisMinor),
      steps.map(({ currency }) => currency),
      steps.map(({ reversedBps }) => reversedBps),
      steps.map(({ reversedMinor }) => reversedMinor),
      stored.map(({ transactionId }) => transactionId),
    ],
  );
  const ids = new Map(
    found.map(({ id, contractId, version, eventVersion }) => [stepKey(contractId, version, eventVersion), id]),
  );
  const lines = stored.flatMap(({ contractId, eventVersion, step }) =>
    step.lines.map((line) => ({ ...line, id: ids.get(stepKey(contractId, step.version, eventVersion)) })),
  );
  await run(tx, STORE_LINES, [
    lines.map(({ id }) => id),
    lines.map(({ level }) => level),
    lines.map(({ partnerId }) => partnerId),
    lines.map(({ rateLevel }) => rateLevel),
    lines.map(({ rank }) => rank),
    lines.map(({ rateBps }) => rateBps),
    lines.map(({ uncappedMinor }) => uncappedMinor),
    lines.map(({ amountMinor }) => amountMinor),
    lines.map(({ postedMinor }) => postedMinor),
    lines.map(({ reason }) => reason),
  ]);
}

function stepKey(contractId: string, version: number, eventVersion: number): string {
  return JSON.stringify([contractId, version, eventVersion]);
}

const START_MATURING = {
  name: 'commissions-start-maturing',
  text: `
    insert into partner_program.maturing (contract_id, accrual_version, release_at)
    select * from unnest($1::text[], $2::integer[], $3::timestamptz[])`,
};

/** Notes until when the money of new accruals matures. */
export async function startMaturing(
  tx: EntityManager,
  holdings: readonly { contractId: string; version: number; releaseAt: Date }[],
): Promise<void> {
  await run(tx, START_MATURING, [
    holdings.map(({ contractId }) => contractId),
    holdings.map(({ version }) => version),
    holdings.map(({ releaseAt }) => releaseAt),
  ]);
}

const STILL_MATURING = {
  name: 'commissions-still-maturing',
  text: `
    select contract_id, accrual_version as version from partner_program.maturing
     where contract_id = any ($1) and released_at is null`,
};

/** The accruals of these contracts whose money is still maturing. */
export function stillMaturing(
  tx: EntityManager,
  contractIds: readonly string[],
): Promise<{ contractId: string; version: number }[]> {
  return rows(tx, STILL_MATURING, [contractIds]);
}

const RELEASE = {
  name: 'commissions-release',
  text: `
    update partner_program.maturing set released_at = partner_program.now_ms()
     where contract_id = $1 and accrual_version = $2 and released_at is null`,
};

/** @returns whether it was still maturing */
export async function markReleased(tx: EntityManager, contractId: string, version: number): Promise<boolean> {
  return (await changed(tx, RELEASE, [contractId, version])) === 1;
}

/**
 * When the next commission that matures becomes available, by currency, as a column of another statement; what was taken
 * back as a whole does not.
 * @param id the SQL of the partner's id
 */
export const nextReleasesColumn = (id: string) => `(
    select coalesce(jsonb_object_agg(a.currency, n.release_at), '{}')
      from partner_program.account a
     cross join lateral (
             select m.release_at
               from partner_program.maturing m
               join partner_program.calculation c
                 on c.contract_id = m.contract_id and c.accrual_version = m.accrual_version and c.kind = 'accrual'
               join partner_program.commission_line l on l.calculation_id = c.id and l.partner_id = ${id}
              where m.released_at is null and c.currency = a.currency and l.amount_minor > 0
                and not exists (select from partner_program.calculation r
                                 where r.contract_id = m.contract_id and r.accrual_version = m.accrual_version
                                   and r.reversed_bps = 10000)
              order by m.release_at limit 1) n
     where a.holder_id = ${id} and a.kind = 'maturing' and a.balance_minor > 0)`;
