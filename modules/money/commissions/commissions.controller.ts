import { Get, Param, Query, StreamableFile } from '@nestjs/common';
import type { Actor } from '../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { PreviewQueryDto } from './commissions.dto';
import { PreviewTables } from './preview-tables.service';
import { PreviewsService } from './previews.service';

@ProgramController('contracts')
@Requires('manageBalances', 'self')
export class CommissionsController {
  constructor(
    private readonly previews: PreviewsService,
    private readonly tables: PreviewTables,
  ) {}

  @Get(':contractId/commission-preview')
  @Page('commissions/preview')
  @FormFields({ amountMinor: 'money' })
  preview(@Me() me: Actor, @Param('contractId') contractId: string, @Query() { amountMinor }: PreviewQueryDto) {
    return this.previews.preview(me, contractId, amountMinor);
  }

  @Get(':contractId/commission-preview.csv')
  @FormFields({ amountMinor: 'money' })
  async table(@Me() me: Actor, @Param('contractId') contractId: string, @Query() { amountMinor }: PreviewQueryDto) {
    const preview = await this.previews.preview(me, contractId, amountMinor);
    return new StreamableFile(Buffer.from(this.tables.csv(preview, me.locale)), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="commission-preview.csv"',
    });
  }

  @Get(':contractId/commissions')
  @Page('commissions/commissions')
  commissions(@Me() me: Actor, @Param('contractId') contractId: string) {
    return this.previews.commissions(me, contractId);
  }
}
