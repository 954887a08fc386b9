import { Get, Query, StreamableFile } from '@nestjs/common';
import type { Actor } from '../../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../../platform/web/program-controller';
import { CommissionTables } from './commission-tables.service';
import { CommissionsQueryDto } from './commission-list.dto';
import { CommissionListService } from './commission-list.service';

/** What contracts pay a partner and are expected to. @see P19 */
@ProgramController()
@Requires('self', 'manageBalances')
export class CommissionListController {
  constructor(
    private readonly commissions: CommissionListService,
    private readonly tables: CommissionTables,
  ) {}

  @Get('commissions')
  @Page('commissions/list')
  @FormFields({ from: 'fromDay', to: 'untilDay' })
  list(@Me() me: Actor, @Query() query: CommissionsQueryDto) {
    const { partnerId, sort = 'date', limit = 25, cursor, ...filter } = query;
    return this.commissions.list(me, this.commissions.ownerFor(me, partnerId), filter, { sort, cursor, limit });
  }

  @Get('commissions.csv')
  @FormFields({ from: 'fromDay', to: 'untilDay' })
  async table(@Me() me: Actor, @Query() query: CommissionsQueryDto) {
    const { partnerId, sort: _sort, limit: _limit, cursor: _cursor, ...filter } = query;
    const rows = await this.commissions.all(me, this.commissions.ownerFor(me, partnerId), filter);
    return new StreamableFile(Buffer.from(this.tables.csv(rows, me.locale)), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="commissions.csv"',
    });
  }
}
