import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { refuseOn } from '../../kernel/query';
import { Refusal } from '../../kernel/refusal';
import { attributeChanges } from '../../platform/audit/audit.queries';
import type { Signature } from '../../platform/audit/audit.queries';
import { Program } from '../../platform/program/program.service';
import { lockTimeline } from '../../platform/timeline/timeline.queries';
import { planFaults } from './plan-rules';
import type { PlanRules, PlanVersionRules } from './plan-rules';
import {
  activePlanVersions,
  addPlanVersion,
  listPlanVersions,
  planVersion,
  rateCard,
  startVersion,
} from './plans.queries';
import type { PlanVersionRow, RateCardRow } from './plans.queries';

@Injectable()
export class PlansService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly program: Program,
  ) {}

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
   * already may change, so an earlier date is taken only as far as no commission has been calculated since.
   *
   * @throws Refusal NOT_FOUND, PLAN_NOT_DRAFT, EFFECTIVE_DATE_PAST (`earliest`)
   */
  activate(versionId: string, effectiveFrom: Date | undefined, by: Signature): Promise<PlanVersionRow> {
    return this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      const { earliest, moment } = await lockTimeline(tx);
      const version = await this.version(tx, versionId);
      if (version.validFrom) throw new Refusal('PLAN_NOT_DRAFT', { versionId });
      const from = effectiveFrom ?? moment;
      if (from < earliest) throw new Refusal('EFFECTIVE_DATE_PAST', { earliest });
      await refuseOn({ plan_version_one_at_a_time: 'EFFECTIVE_DATE_TAKEN' }, () =>
        startVersion(tx, version, from, by.ref),
      );
      return this.version(tx, versionId);
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
