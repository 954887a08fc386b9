import { Get, Param, ParseUUIDPipe } from '@nestjs/common';
import { Refusal } from '../../../kernel/refusal';
import type { Actor } from '../../../platform/web/access/actor';
import { Me, Page, ProgramController, Requires } from '../../../platform/web/program-controller';
import { ExplanationsService } from './explanations.service';

/** Open to the partner and to holders of `manageBalances`, unknown to everybody else: as the history is. */
@ProgramController('partners/:id/entries/:entryId/explanation')
@Requires('self', 'manageBalances')
export class ExplanationsController {
  constructor(private readonly explanations: ExplanationsService) {}

  @Get()
  @Page('commissions/explanation')
  show(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Param('entryId') entryId: string) {
    if (me.partner?.id !== id && !me.permissions.has('manageBalances')) throw new Refusal('NOT_FOUND');
    return this.explanations.explain(me, id, entryId);
  }
}
