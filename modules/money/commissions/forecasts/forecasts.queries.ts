import type { EntityManager } from 'typeorm';
import { rows } from '../../../kernel/query';
import type { AsJson } from '../../../kernel/query';
import type { UplineRow } from '../../../people/partners/partners.queries';
import { uplinesFrom } from '../../../people/partners/partners.queries';
import type { PlanVersionRules } from '../../../rules/plans/plan-rules';
import { EVER_ACTIVE, plansIn } from '../../../rules/plans/plans.queries';
import type { Candidate } from '../../attribution/attribution';
import { candidatesAmong } from '../../attribution/attribution.queries';
import type { ReportedContract } from '../commissions.queries';

/** A contract that may still come about. */
export interface OpenContract extends ReportedContract {
  /** How likely contracts in its status are to, in basis points. */
  readonly weightBps: number;
}

/** Contracts that somebody in the downline of $1, the own person included, sold or referred by now or before. */
const TOUCHED_BELOW = `
    with below as (
      select p.id, p.user_id, p.referral_code
        from partner_program.partner_path own
        join partner_program.partner_path path
          on path.prefix >= own.prefix and path.prefix < partner_program.path_end(own.path)
         and starts_with(path.path, own.path)
        join partner_program.partner p on p.id = path.partner_id
       where own.partner_id = $1
    ), touched as (
      select e.contract_id from below b join partner_program.contract_event e on e.seller_id = b.user_id
      union
      select e.contract_id
        from below b
        join partner_program.client_link l on l.partner_id = b.id and l.valid is not null
        join partner_program.contract_event e on e.client_id = l.client_id
      union
      select e.contract_id
        from below b join partner_program.contract_event e on e.referred_by in (b.referral_code, b.id::text)
    )`;

/** Every contract for which nothing has been calculated yet, by two indexes that have them in the same order. */
const TOUCHED_BY_ANYBODY = `
    with touched as (
      select distinct e.contract_id from partner_program.contract_event e
       where not exists (select from partner_program.calculation c where c.contract_id = e.contract_id)
    )`;

/**
 * The touched contracts for which nothing has been calculated yet: all that may be credited. What stands in a reversing
 * status comes to nothing.
 */
const open = (touched: string) => `${touched}, open as (
      select e.contract_id, e.version, e.number, e.status, e.seller_id, e.client_id, e.value_minor, e.currency, e.product,
             e.kind, e.refund_bps, e.refund_minor, e.referred_by, e.occurred_at,
             coalesce((select weight_bps from partner_program.forecast_weight w where w.status = e.status), 10000) as weight_bps
        from touched t
        join lateral (select * from partner_program.contract_event
                       where contract_id = t.contract_id order by version desc limit 1) e on true
       where not exists (select from partner_program.calculation c where c.contract_id = t.contract_id)
         and not exists (select from partner_program.status_action a
                          where a.status = e.status and a.action = 'reverse' and a.valid @> partner_program.now_ms())
    )`;

const OPEN_CONTRACTS = {
  name: 'forecasts-open-contracts',
  text: `${open(TOUCHED_BELOW)} select * from open order by contract_id limit $2`,
};

/** The open contracts that may be credited to somebody in a partner's downline, at most so many. */
export function openContractsBelow(tx: EntityManager, partnerId: string, limit: number): Promise<OpenContract[]> {
  return rows(tx, OPEN_CONTRACTS, [partnerId, limit]);
}

/** All that forecasts are made of, as it stands at one moment. */
export interface ForecastFacts {
  readonly now: Date;
  readonly open: readonly OpenContract[];
  /** Whom the sources name for each open contract. */
  readonly candidates: readonly (readonly Candidate[])[];
  readonly plans: readonly PlanVersionRules[];
  /** Everybody from a candidate, level 0, to the top. */
  readonly uplines: ReadonlyMap<string, readonly UplineRow[]>;
}

const facts = (touched: string) => `${open(touched)}, asked as (
      select row_number() over (order by contract_id) - 1 as number, seller_id, client_id, referred_by,
             partner_program.now_ms() as occurred_at from open
    ), candidate as (${candidatesAmong('asked')}
    ), origin as (
      select partner_id, partner_program.now_ms() as as_of, row_number() over () as n
        from (select distinct partner_id from candidate) named
    )
    select partner_program.now_ms() as now,
           (select coalesce(json_agg(json_build_object(
                     'contractId', contract_id, 'version', version, 'number', number, 'status', status,
                     'sellerId', seller_id, 'clientId', client_id, 'valueMinor', value_minor, 'currency', currency,
                     'product', product, 'kind', kind, 'refundBps', refund_bps, 'refundMinor', refund_minor, 'referredBy', referred_by,
                     'occurredAt', occurred_at, 'weightBps', weight_bps) order by contract_id), '[]')
              from open) as open,
           (select coalesce(json_agg(json_build_object('number', number, 'source', source, 'partnerId', partner_id,
                                                       'joined', joined, 'isClient', is_client)), '[]')
              from candidate) as candidates,
           (select coalesce(json_agg(v), '[]') from (${EVER_ACTIVE.text}) v) as plans,
           (select coalesce(json_agg(partner_id order by n), '[]') from origin) as origins,
           (select coalesce(json_agg(json_build_object('origin', u.origin, 'level', u.level, 'partnerId', u.partner_id,
                                                       'active', u.active, 'rank', u.rank)), '[]')
              from (${uplinesFrom('origin o')}) u) as uplines`;

const FACTS_BELOW = { name: 'forecasts-facts', text: facts(TOUCHED_BELOW) };
const ALL_FACTS = facts(TOUCHED_BY_ANYBODY);

interface FactsRow extends Pick<ForecastFacts, 'now'> {
  readonly open: readonly AsJson<OpenContract>[];
  readonly candidates: readonly (Candidate & { readonly number: number })[];
  readonly plans: readonly AsJson<Omit<PlanVersionRules, 'precedence'>>[];
  readonly origins: readonly string[];
  readonly uplines: readonly UplineRow[];
}

/**
 * One statement and so one moment, however many contracts are open.
 * @param partnerId whose network it is about; null for the whole program, planned for the tables as they are then
 */
export async function forecastFacts(tx: EntityManager, partnerId: string | null): Promise<ForecastFacts> {
  const [row] =
    partnerId === null ? await rows<FactsRow>(tx, ALL_FACTS, []) : await rows<FactsRow>(tx, FACTS_BELOW, [partnerId]);
  const { now, open, plans, origins } = row!;
  const candidates = open.map((): Candidate[] => []);
  for (const { number, ...candidate } of row!.candidates) candidates[number]!.push(candidate);
  const uplines = new Map<string, UplineRow[]>(origins.map((id) => [id, []]));
  for (const one of row!.uplines) uplines.get(origins[one.origin]!)!.push(one);
  return {
    now,
    open: open.map((contract) => ({ ...contract, occurredAt: new Date(contract.occurredAt) })),
    candidates,
    plans: plansIn(plans),
    uplines,
  };
}
