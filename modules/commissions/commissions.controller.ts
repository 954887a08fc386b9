import { Get, Param, Query } from '@nestjs/common';
import type { Actor } from '../web/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../web/program-controller';
import { PreviewQueryDto } from './commissions.dto';
import { PreviewsService } from './previews.service';

@ProgramController('contracts')
@Requires('manageBalances', 'self')
export class CommissionsController {
  constructor(private readonly previews: PreviewsService) {}

  @Get(':contractId/commission-preview')
  @Page('commissions/preview')
  @FormFields({ amountMinor: 'money' })
  preview(@Me() me: Actor, @Param('contractId') contractId: string, @Query() { amountMinor }: PreviewQueryDto) {
    return this.previews.preview(me, contractId, amountMinor);
  }

  @Get(':contractId/commissions')
  @Page('commissions/commissions')
  commissions(@Me() me: Actor, @Param('contractId') contractId: string) {
    return this.previews.commissions(me, contractId);
  }
}
