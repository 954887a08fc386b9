import type { EntityManager } from 'typeorm';
import { rows } from '../../kernel/query';
import type { AsJson } from '../../kernel/query';
import type { PartnerOfUser } from '../../people/partners/partners.queries';
import type { PlanVersionRules } from '../../rules/plans/plan-rules';
import { EVER_ACTIVE, plansIn } from '../../rules/plans/plans.queries';
import type { Candidate } from '../attribution/attribution';
import { candidatesAmong } from '../attribution/attribution.queries';
import type { Brought } from '../attribution/attribution.queries';
import { CALCULATIONS_OF, calculationsIn, EVENTS_OF } from './commissions.queries';
import type { CalculationRecord, CalculationRow, ContractEventRow, ReportedContract } from './commissions.queries';

/** All that a preview is made of but the tree, as it stood at one moment. */
export interface PreviewFacts {
  readonly now: Date;
  /** What the asked status does now. */
  readonly statusAction: 'none' | 'accrue' | 'reverse';
  readonly plans: readonly PlanVersionRules[];
  readonly events: readonly ContractEventRow[];
  readonly calculations: readonly CalculationRow[];
  /** Whom the sources name by now. */
  readonly candidates: readonly Candidate[];
  /** The partners whom the seller, or a seller of before, is by now. */
  readonly sellers: ReadonlyMap<string, PartnerOfUser>;
  /** Of the sellers and of everybody with a line, by id. */
  readonly names: ReadonlyMap<string, string>;
}

const FACTS = {
  name: 'previews-facts',
  text: `
    with contract as (
      select 0 as number, $3::text as seller_id, $4::text as client_id, $5::text as referred_by,
             partner_program.now_ms() as occurred_at
    ), candidate as (${candidatesAmong('contract')}
    ), seller as (
      select p.id, p.user_id, p.linked_at, p.first_name || ' ' || p.last_name as name from partner_program.partner p
       where p.user_id = $3
          or p.user_id in (select e.seller_id from partner_program.contract_event e where e.contract_id = any ($1::text[]))
    )
    select partner_program.now_ms() as now,
           coalesce((select s.action from partner_program.status_action s
                      where s.status = $2 and s.valid @> partner_program.now_ms()), 'none') as "statusAction",
           (select coalesce(json_agg(v), '[]') from (${EVER_ACTIVE.text}) v) as plans,
           (select coalesce(json_agg(e), '[]') from (${EVENTS_OF.text}) e) as events,
           (select coalesce(json_agg(c), '[]') from (${CALCULATIONS_OF.text}) c) as calculations,
           (select coalesce(json_agg(json_build_object('userId', s.user_id, 'partnerId', s.id, 'linkedAt', s.linked_at)), '[]')
              from seller s) as sellers,
           (select coalesce(json_agg(json_build_object('source', c.source, 'partnerId', c.partner_id, 'joined', c.joined,
                                                       'isClient', c.is_client)), '[]') from candidate c) as candidates,
           (select coalesce(json_object_agg(p.id, p.name), '{}')
              from (select s.id, s.name from seller s
                    union
                    select p.id, p.first_name || ' ' || p.last_name
                      from candidate c join partner_program.partner p on p.id = c.partner_id
                    union
                    select p.id, p.first_name || ' ' || p.last_name
                      from partner_program.contract_event e join partner_program.partner p on p.id = e.attributed_to
                     where e.contract_id = any ($1::text[])
                    union
                    select p.id, p.first_name || ' ' || p.last_name
                      from partner_program.calculation c
                      join partner_program.commission_line l on l.calculation_id = c.id
                      join partner_program.partner p on p.id = l.partner_id
                     where c.contract_id = any ($1::text[])) p) as names`,
};

interface FactsRow extends Pick<PreviewFacts, 'now' | 'statusAction' | 'candidates'> {
  readonly plans: readonly AsJson<Omit<PlanVersionRules, 'precedence'>>[];
  readonly events: readonly AsJson<ContractEventRow>[];
  readonly calculations: readonly AsJson<CalculationRecord>[];
  readonly sellers: readonly AsJson<PartnerOfUser & { userId: string }>[];
  readonly names: Readonly<Record<string, string>>;
}

const dateOf = (text: string) => new Date(text);

/** One statement and so one moment: what is posted, what was reported and what applies belong together. */
export async function previewFacts(
  tx: EntityManager,
  {
    contractId,
    status,
    sellerId,
    clientId,
    referredBy,
  }: Pick<ReportedContract, 'contractId' | 'status'> & Omit<Brought, 'occurredAt'>,
): Promise<PreviewFacts> {
  const [row] = await rows<FactsRow>(tx, FACTS, [[contractId], status, sellerId, clientId, referredBy]);
  const { now, statusAction, plans, events, calculations, candidates, sellers, names } = row!;
  return {
    now,
    statusAction,
    plans: plansIn(plans),
    candidates,
    events: events.map((event) => ({ ...event, occurredAt: dateOf(event.occurredAt) })),
    calculations: calculationsIn(
      calculations.map((record) => ({ ...record, asOf: dateOf(record.asOf), recordedAt: dateOf(record.recordedAt) })),
    ),
    sellers: new Map(
      sellers.map(({ userId, partnerId, linkedAt }) => [
        userId,
        { partnerId, linkedAt: linkedAt === null ? null : dateOf(linkedAt) },
      ]),
    ),
    names: new Map(Object.entries(names)),
  };
}
