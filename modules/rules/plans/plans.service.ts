import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { refuseOn } from '../../kernel/query';
import { Refusal } from '../../kernel/refusal';
import { attributeChanges, recordChange } from '../../platform/audit/audit.queries';
import type { Signature } from '../../platform/audit/audit.queries';
import { Program } from '../../platform/program/program.service';
import { lockTimeline } from '../../platform/timeline/timeline.queries';
import { planFaults } from './plan-rules';
import type { PlanRules, PlanVersionRules } from './plan-rules';
import {
  activePlanVersions,
  addPlanVersion,
  endVersion,
  listPlanVersions,
  planVersion,
  ranksOfPlans,
  rateCard,
  startVersion,
} from './plans.queries';
import type { PlanVersionRow, RateCardRow } from './plans.queries';

/** From when a version is in force, now if nothing else is said, and until when. */
export interface Term {
  readonly effectiveFrom?: Date;
  readonly effectiveTo?: Date | null;
}

@Injectable()
export class PlansService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly program: Program,
  ) {}

  /** What a partner can be ranked as: the ranks of plans that are in force, will be or are drafted, the lowest first. */
  ranks(): Promise<string[]> {
    return ranksOfPlans(this.db.manager);
  }

  list(): Promise<PlanVersionRow[]> {
    return listPlanVersions(this.db.manager);
  }

  /**
   * Saves a draft: the next version of the plan of that name, kind and currency, or the first of a new one.
   * @throws Refusal CURRENCY_UNKNOWN, PLAN_INVALID naming the lines (`errors`) @see Q1
   */
  draft(draft: PlanRules & { name: string }, by: Signature): Promise<PlanVersionRow> {
    if (!this.program.now.units.has(draft.currency))
      throw new Refusal('CURRENCY_UNKNOWN', { currency: draft.currency });
    const faults = planFaults(draft);
    if (faults.length > 0)
      throw new Refusal('PLAN_INVALID', { errors: faults.map((fault) => ({ ...fault, params: {} })) });
    return this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      const versionId = uuidv7();
      await addPlanVersion(tx, draft, { versionId, planId: uuidv7(), by: by.ref });
      return this.version(tx, versionId);
    });
  }

  /**
   * Puts a draft in force, from now or from a later date; the version before ends there. Nothing that was calculated
   * already may change, so an earlier date is taken only as far as no commission has been calculated since. With an end it
   * stops there without a successor.
   *
   * @throws Refusal NOT_FOUND, PLAN_NOT_DRAFT, EFFECTIVE_DATE_PAST (`earliest`) also for an end before the beginning,
   *   EFFECTIVE_DATE_TAKEN
   */
  activate(versionId: string, { effectiveFrom, effectiveTo }: Term, by: Signature): Promise<PlanVersionRow> {
    return this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      const { earliest, moment } = await lockTimeline(tx);
      const version = await this.version(tx, versionId);
      if (version.validFrom) throw new Refusal('PLAN_NOT_DRAFT', { versionId });
      const from = effectiveFrom ?? moment;
      if (from < earliest) throw new Refusal('EFFECTIVE_DATE_PAST', { earliest });
      const to = effectiveTo ?? null;
      if (to && to <= from) throw new Refusal('EFFECTIVE_DATE_PAST', { earliest: new Date(from.getTime() + 1) });
      await refuseOn({ plan_version_one_at_a_time: 'EFFECTIVE_DATE_TAKEN' }, () =>
        startVersion(tx, version, { from, to }, by.ref),
      );
      return this.version(tx, versionId);
    });
  }

  /**
   * Ends a version that is or will be in force, now or at a later moment; nothing follows it.
   * @throws Refusal NOT_FOUND; PLAN_NOT_ACTIVE for a draft and one that has ended by then; EFFECTIVE_DATE_PAST (`earliest`)
   */
  end(
    versionId: string,
    { on, reason }: { readonly on?: Date; readonly reason?: string },
    by: Signature,
  ): Promise<{ validTo: Date }> {
    return this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      const { earliest, moment } = await lockTimeline(tx);
      const { validFrom, validTo } = await this.version(tx, versionId);
      const at = on ?? moment;
      if (!validFrom || (validTo && validTo <= at)) throw new Refusal('PLAN_NOT_ACTIVE', { versionId });
      const soonest = new Date(Math.max(earliest.getTime(), validFrom.getTime() + 1));
      if (at < soonest) throw new Refusal('EFFECTIVE_DATE_PAST', { earliest: soonest });
      await endVersion(tx, versionId, at);
      const after = { effectiveTo: at.toISOString() };
      const ended = { action: 'plan.ended', objectType: 'planVersion', objectId: versionId } as const;
      await recordChange(tx, { ...ended, partnerId: null, after, reason });
      return { validTo: at };
    });
  }

  /** Every version that is, was or will be in force. */
  active(tx: EntityManager): Promise<PlanVersionRules[]> {
    return activePlanVersions(tx);
  }

  /** The plans in force now, as partners may read them: what each level or rank earns. */
  rateCard(): Promise<RateCardRow[]> {
    return rateCard(this.db.manager);
  }

  async version(tx: EntityManager, versionId: string): Promise<PlanVersionRow> {
    const version = await planVersion(tx, versionId);
    if (!version) throw new Refusal('NOT_FOUND');
    return version;
  }
}
