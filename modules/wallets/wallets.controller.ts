import { Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { partnerJson } from '../partners/partner-json';
import { PartnersService } from '../partners/partners.service';
import type { Actor } from '../web/actor';
import { Me, Page, ProgramController, Requires } from '../web/program-controller';
import { EntriesQueryDto } from './wallets.dto';
import { WalletsService } from './wallets.service';

/** A partner's money: open to the partner and to holders of `manageBalances`, unknown to everybody else. */
@ProgramController('partners/:id')
@Requires('self', 'manageBalances')
export class WalletsController {
  constructor(
    private readonly wallets: WalletsService,
    private readonly partners: PartnersService,
  ) {}

  @Get('wallets')
  async list(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string) {
    await this.ownerFor(me, id);
    return { data: await this.wallets.of(id), nextCursor: null };
  }

  @Get('entries')
  @Page('partners/entries')
  async entries(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Query() query: EntriesQueryDto) {
    const partner = await this.ownerFor(me, id);
    const { account = 'available', limit = 25, cursor, ...filter } = query;
    const page = await this.wallets.entries(id, { account, ...filter }, { cursor, limit });
    return { ...page, partner: partnerJson(partner) };
  }

  private ownerFor(me: Actor, id: string) {
    if (me.partner?.id !== id && !me.permissions.has('manageBalances')) throw new Refusal('NOT_FOUND');
    return this.partners.visibleTo(me, id);
  }
}
