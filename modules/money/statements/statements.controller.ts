import { Get, Param, ParseUUIDPipe, Query, StreamableFile } from '@nestjs/common';
import { PartnersService } from '../../people/partners/partners.service';
import type { Actor } from '../../platform/web/access/actor';
import { OneAtATime } from '../../platform/web/access/one-at-a-time';
import { FormFields, Me, ProgramController, Requires } from '../../platform/web/program-controller';
import { EntriesQueryDto, PERIOD } from '../wallets/wallets.dto';
import { StatementsService } from './statements.service';

/** A partner's movements as files; open to whom the movements themselves are. */
@ProgramController('partners/:id')
@Requires('self', 'manageBalances')
export class StatementsController {
  constructor(
    private readonly partners: PartnersService,
    private readonly statements: StatementsService,
  ) {}

  @Get('entries.csv')
  @OneAtATime()
  @FormFields(PERIOD)
  async csv(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Query() query: EntriesQueryDto) {
    const table = this.statements.csv(await this.statementOf(me, id, query));
    return new StreamableFile(table, {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="entries.csv"',
    });
  }

  @Get('statement.pdf')
  @OneAtATime()
  @FormFields(PERIOD)
  async pdf(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Query() query: EntriesQueryDto) {
    const document = this.statements.pdf(await this.statementOf(me, id, query));
    return new StreamableFile(document, {
      type: 'application/pdf',
      disposition: 'attachment; filename="statement.pdf"',
    });
  }

  private async statementOf(me: Actor, id: string, query: EntriesQueryDto) {
    const { account = 'available', limit: _, cursor: __, ...filter } = query;
    return { partner: await this.partners.ownerFor(me, id), filter: { account, ...filter }, locale: me.locale };
  }
}
