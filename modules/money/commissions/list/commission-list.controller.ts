import { Get, Query, StreamableFile } from '@nestjs/common';
import { Refusal } from '../../../kernel/refusal';
import { PartnersService } from '../../../people/partners/partners.service';
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
    private readonly partners: PartnersService,
    private readonly tables: CommissionTables,
  ) {}

  @Get('commissions')
  @Page('commissions/list')
  @FormFields({ from: 'fromDay', to: 'untilDay' })
  async list(@Me() me: Actor, @Query() query: CommissionsQueryDto) {
    const { partnerId, sort = 'date', limit = 25, cursor, ...filter } = query;
    const { id } = await this.ownerOf(me, partnerId);
    return this.commissions.page(me, id, filter, { sort, cursor, limit });
  }

  @Get('commissions.csv')
  @FormFields({ from: 'fromDay', to: 'untilDay' })
  async table(@Me() me: Actor, @Query() query: CommissionsQueryDto) {
    const { partnerId, sort: _sort, limit: _limit, cursor: _cursor, ...filter } = query;
    const { id } = await this.ownerOf(me, partnerId);
    const rows = await this.commissions.all(me, id, filter);
    return new StreamableFile(Buffer.from(this.tables.csv(rows, me.locale)), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="commissions.csv"',
    });
  }

  /** @throws Refusal NOT_A_PARTNER for whoever names nobody and is none */
  private async ownerOf(me: Actor, partnerId = me.partner?.id): Promise<{ readonly id: string }> {
    if (partnerId === undefined) throw new Refusal('NOT_A_PARTNER');
    return this.partners.ownerFor(me, partnerId);
  }
}
