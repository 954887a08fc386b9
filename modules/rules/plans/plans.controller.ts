import { Body, Get, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { currentTime } from '../../kernel/clock';
import type { Actor } from '../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import type { PlanRules } from './plan-rules';
import { ActivatePlanDto, DraftPlanDto, EndPlanDto } from './plans.dto';
import type { PlanVersionRow } from './plans.queries';
import { PlansService } from './plans.service';

@ProgramController('plans')
@Requires('configure')
export class PlansController {
  constructor(private readonly plans: PlansService) {}

  @Get()
  @Page('plans/plans')
  async list() {
    const versions = await this.plans.list();
    return { data: versions.map(planJson), nextCursor: null };
  }

  @Post()
  @Page('plans/plans', { form: 'list', redirect: '/partner-program/plans?done=saved' })
  @FormFields({
    holdingDays: 'integer',
    depth: 'integer',
    capBps: 'percent',
    'levels.*.level': 'position',
    'levels.*.rateBps': 'percent',
    'levels.*.amountMinor': 'money',
    'ranks.*.rateBps': 'percent',
    'conditions.products': 'lines',
    'conditions.contractKinds': 'lines',
    'conditions.minimumValueMinor': 'money',
  })
  async draft(@Me() me: Actor, @Body() draft: DraftPlanDto) {
    return planJson(await this.plans.draft(rulesOf(draft), me));
  }

  @Post(':versionId/activation')
  @Page('plans/plans', { form: 'list', redirect: '/partner-program/plans?done=saved' })
  @FormFields({ effectiveFrom: 'effectiveDay', effectiveTo: 'untilDay' })
  async activate(@Me() me: Actor, @Param('versionId', ParseUUIDPipe) versionId: string, @Body() term: ActivatePlanDto) {
    return planJson(await this.plans.activate(versionId, term, me));
  }

  @Post(':versionId/ending')
  @Page('plans/plans', { form: 'list', redirect: '/partner-program/plans?done=ended' })
  @FormFields({ on: 'untilDay' })
  end(@Me() me: Actor, @Param('versionId', ParseUUIDPipe) versionId: string, @Body() ending: EndPlanDto) {
    return this.plans.end(versionId, ending, me);
  }
}

function rulesOf(draft: DraftPlanDto): PlanRules & { name: string } {
  return {
    name: draft.name,
    kind: draft.kind,
    currency: draft.currency,
    levels: (draft.levels ?? []).map(({ level, rateBps, amountMinor }) => ({
      level,
      rateBps: rateBps ?? null,
      amountMinor: amountMinor ?? null,
    })),
    ranks: draft.ranks ?? [],
    compression: draft.compression ?? 'none',
    holdingDays: draft.holdingDays ?? 0,
    depth: draft.depth ?? null,
    capBps: draft.capBps ?? null,
    products: draft.conditions?.products ?? null,
    contractKinds: draft.conditions?.contractKinds ?? null,
    minimumValueMinor: draft.conditions?.minimumValueMinor ?? null,
  };
}

/** The version as api.md names it: `id` is the plan's, `versionId` the version's. */
function planJson({
  id,
  planId,
  validFrom,
  validTo,
  products,
  contractKinds,
  minimumValueMinor,
  ...version
}: PlanVersionRow) {
  return {
    ...version,
    id: planId,
    versionId: id,
    status: statusAt(currentTime(), validFrom, validTo),
    effectiveFrom: validFrom,
    effectiveTo: validTo,
    conditions: { products, contractKinds, minimumValueMinor },
  };
}

/** `active` also before its first day: it can no longer be changed. */
function statusAt(now: Date, validFrom: Date | null, validTo: Date | null): 'draft' | 'active' | 'ended' {
  if (!validFrom) return 'draft';
  return validTo && validTo <= now ? 'ended' : 'active';
}
