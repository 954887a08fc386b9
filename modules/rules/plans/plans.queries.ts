import type { EntityManager } from 'typeorm';
import { rows, run } from '../../kernel/query';
import type { AsJson } from '../../kernel/query';
import type { PlanLevel, PlanRank, PlanRules, PlanVersionRules } from './plan-rules';

/** A version as listed: with its state, and without validity while it is a draft. */
export interface PlanVersionRow extends PlanRules {
  readonly id: string;
  readonly planId: string;
  readonly name: string;
  readonly number: number;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
  readonly createdAt: Date;
}

const LEVELS = `
  coalesce((select json_agg(json_build_object('level', l.level, 'rateBps', l.rate_bps, 'amountMinor', l.amount_minor)
                            order by l.level)
              from partner_program.plan_level l where l.plan_version_id = v.id), '[]')`;
const RANKS = `
  coalesce((select json_agg(json_build_object('rank', r.rank, 'rateBps', r.rate_bps) order by r.rate_bps, r.rank)
              from partner_program.plan_rank r where r.plan_version_id = v.id), '[]')`;

/** Under the names they have in JSON too, where a row is read within another statement. */
const COLUMNS = `
  v.id, v.plan_id as "planId", p.name, v.number, p.kind, p.currency, v.compression, v.holding_days as "holdingDays",
  v.depth, v.cap_bps as "capBps", v.products, v.contract_kinds as "contractKinds",
  v.minimum_value_minor as "minimumValueMinor", lower(v.valid) as "validFrom", upper(v.valid) as "validTo",
  v.created_at as "createdAt", ${LEVELS} as levels, ${RANKS} as ranks`;

export const EVER_ACTIVE = {
  name: 'plans-ever-active',
  text: `select ${COLUMNS} from partner_program.plan_version v join partner_program.plan p on p.id = v.plan_id
          where v.valid is not null`,
};

/** {@link EVER_ACTIVE} as read within JSON. */
export function plansIn(found: readonly AsJson<Omit<PlanVersionRules, 'precedence'>>[]): PlanVersionRules[] {
  return found.map((plan) => ({
    ...plan,
    validFrom: new Date(plan.validFrom),
    validTo: plan.validTo === null ? null : new Date(plan.validTo),
  }));
}

/** Every version that is, was or will be in force. */
export function activePlanVersions(tx: EntityManager): Promise<PlanVersionRules[]> {
  return rows(tx, EVER_ACTIVE);
}

/** What a version in force pays at each level or rank. */
export interface RateCardRow extends Pick<PlanRules, 'kind' | 'currency' | 'levels' | 'ranks' | 'holdingDays'> {
  readonly name: string;
}

export const RATE_CARD = {
  name: 'plans-rate-card',
  text: `
    select p.name, p.kind, p.currency, ${LEVELS} as levels, ${RANKS} as ranks, v.holding_days as "holdingDays"
      from partner_program.plan_version v join partner_program.plan p on p.id = v.plan_id
     where v.valid @> partner_program.now_ms() order by lower(v.valid) desc`,
};

/** The versions in force, the newest first. */
export function rateCard(tx: EntityManager): Promise<RateCardRow[]> {
  return rows(tx, RATE_CARD);
}

const LIST = {
  name: 'plans-list',
  text: `select ${COLUMNS} from partner_program.plan_version v join partner_program.plan p on p.id = v.plan_id
          order by p.name, p.id, v.number desc`,
};

export function listPlanVersions(tx: EntityManager): Promise<PlanVersionRow[]> {
  return rows(tx, LIST);
}

const ONE = {
  name: 'plans-version',
  text: `select ${COLUMNS} from partner_program.plan_version v join partner_program.plan p on p.id = v.plan_id
          where v.id = $1`,
};

export async function planVersion(tx: EntityManager, versionId: string): Promise<PlanVersionRow | undefined> {
  const [row] = await rows<PlanVersionRow>(tx, ONE, [versionId]);
  return row;
}

const PLAN_ID = {
  name: 'plans-id',
  text: `
    insert into partner_program.plan as p (id, name, kind, currency, created_by) values ($1, $2, $3, $4, $5)
    on conflict on constraint plan_name_key do update set name = p.name returning id`,
};

const ADD_VERSION = {
  name: 'plans-add-version',
  text: `
    insert into partner_program.plan_version (id, plan_id, number, compression, holding_days, depth, cap_bps, products,
                                              contract_kinds, minimum_value_minor, created_by)
    select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10
      from partner_program.plan_version where plan_id = $2`,
};

const ADD_LEVELS = {
  name: 'plans-add-levels',
  text: `
    insert into partner_program.plan_level (plan_version_id, level, rate_bps, amount_minor)
    select $1, * from unnest($2::integer[], $3::integer[], $4::bigint[])`,
};

const ADD_RANKS = {
  name: 'plans-add-ranks',
  text: `
    insert into partner_program.plan_rank (plan_version_id, rank, rate_bps)
    select $1, * from unnest($2::text[], $3::integer[])`,
};

/** Adds a draft version: to the plan of this name, kind and currency, which is made if there is none. */
export async function addPlanVersion(
  tx: EntityManager,
  draft: PlanRules & { name: string },
  { versionId, planId, by }: { versionId: string; planId: string; by: string },
): Promise<void> {
  const [plan] = await rows<{ id: string }>(tx, PLAN_ID, [planId, draft.name, draft.kind, draft.currency, by]);
  await run(tx, ADD_VERSION, [
    versionId,
    plan!.id,
    draft.compression,
    draft.holdingDays,
    draft.depth,
    draft.capBps,
    draft.products,
    draft.contractKinds,
    draft.minimumValueMinor,
    by,
  ]);
  await addLevels(tx, versionId, draft.levels);
  await addRanks(tx, versionId, draft.ranks);
}

async function addLevels(tx: EntityManager, versionId: string, levels: readonly PlanLevel[]): Promise<void> {
  await run(tx, ADD_LEVELS, [
    versionId,
    levels.map(({ level }) => level),
    levels.map(({ rateBps }) => rateBps),
    levels.map(({ amountMinor }) => amountMinor),
  ]);
}

async function addRanks(tx: EntityManager, versionId: string, ranks: readonly PlanRank[]): Promise<void> {
  await run(tx, ADD_RANKS, [versionId, ranks.map(({ rank }) => rank), ranks.map(({ rateBps }) => rateBps)]);
}

const END_CURRENT = {
  name: 'plans-end-current',
  text: `
    update partner_program.plan_version set valid = tstzrange(lower(valid), $2)
     where plan_id = $1 and valid @> $2::timestamptz and lower(valid) < $2`,
};

const START = {
  name: 'plans-start',
  text: `
    update partner_program.plan_version set valid = tstzrange($2, $4), activated_by = $3
     where id = $1 and valid is null`,
};

/** Puts a draft in force from a moment on, until another where one is given; the version in force then ends there. */
export async function startVersion(
  tx: EntityManager,
  { id, planId }: Pick<PlanVersionRow, 'id' | 'planId'>,
  { from, to }: { readonly from: Date; readonly to: Date | null },
  by: string,
): Promise<void> {
  await run(tx, END_CURRENT, [planId, from]);
  await run(tx, START, [id, from, by, to]);
}

const END = {
  name: 'plans-end',
  text: `update partner_program.plan_version set valid = tstzrange(lower(valid), $2) where id = $1`,
};

/** Ends a version, so that nothing follows it. */
export async function endVersion(tx: EntityManager, id: string, at: Date): Promise<void> {
  await run(tx, END, [id, at]);
}

const RANKS_OF_PLANS = {
  name: 'plans-ranks',
  text: `
    select r.rank from partner_program.plan_rank r
      join partner_program.plan_version v on v.id = r.plan_version_id
     where v.valid is null or upper_inf(v.valid) or upper(v.valid) > partner_program.now_ms()
     group by r.rank order by max(r.rate_bps), r.rank`,
};

/** The ranks of the plans that are in force, will be or are drafted, the lowest first. */
export async function ranksOfPlans(tx: EntityManager): Promise<string[]> {
  return (await rows<{ rank: string }>(tx, RANKS_OF_PLANS)).map(({ rank }) => rank);
}
