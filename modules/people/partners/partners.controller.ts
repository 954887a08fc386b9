import { Body, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import type { Actor } from '../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { PlansService } from '../../rules/plans/plans.service';
import { PartnerMapService } from './map/partner-map.service';
import { partnerJson } from './partner-json';
import { PartnerMapQueryDto, PartnersQueryDto, PartnerTreeQueryDto, RankDto, SuspendDto } from './partners.dto';
import { PartnersService } from './partners.service';
import { PartnerStatusService } from './status/partner-status.service';
import { PartnerTreeService } from './tree/partner-tree.service';

@ProgramController('partners')
@Requires('self', 'viewAllPartners', 'manageBalances')
export class PartnersController {
  constructor(
    private readonly partners: PartnersService,
    private readonly standings: PartnerStatusService,
    private readonly trees: PartnerTreeService,
    private readonly maps: PartnerMapService,
    private readonly plans: PlansService,
  ) {}

  @Get()
  @Page('partners/list')
  list(@Me() me: Actor, @Query() { limit = 25, cursor, sort = 'joinedAt', ...filter }: PartnersQueryDto) {
    return this.partners.list(me, { ...filter, sort }, { cursor, limit });
  }

  @Get('tree')
  @Page('partners/tree')
  tree(@Me() me: Actor, @Query() { open = [], limit = 50, search, ...query }: PartnerTreeQueryDto) {
    return search === undefined ? this.trees.of(me, { ...query, open, limit }) : this.trees.search(me, search);
  }

  @Get('map')
  @Page('partners/map')
  map(@Me() me: Actor, @Query() { from }: PartnerMapQueryDto) {
    return this.maps.of(me, from);
  }

  @Get(':id')
  @Page('partners/partner')
  async get(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string) {
    const partner = await this.partners.visibleTo(me, id);
    return {
      ...partnerJson(partner),
      ...(await this.partners.standing(id)),
      upline: await this.partners.upline(me, id),
      ...(me.permissions.has('configure')
        ? { clientId: partner.clientId, userId: partner.userId, ranks: await this.plans.ranks() }
        : {}),
      ...(me.permissions.has('manageBalances') || me.partner?.id === id
        ? { wallets: await this.partners.wallets(id) }
        : {}),
    };
  }

  @Get(':id/children')
  async children(
    @Me() me: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { limit = 25, cursor }: PartnersQueryDto,
  ) {
    await this.partners.visibleTo(me, id);
    return this.partners.children(me, id, { cursor, limit });
  }

  @Get(':id/upline')
  async upline(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string) {
    await this.partners.visibleTo(me, id);
    return { data: await this.partners.upline(me, id), nextCursor: null };
  }

  @Post(':id/suspension')
  @Requires('manageBalances')
  @Page('partners/partner', { form: 'get', redirect: '/partner-program/partners/:id?done=saved' })
  suspend(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason }: SuspendDto) {
    return this.standings.suspend(me, id, reason);
  }

  @Delete(':id/suspension')
  @HttpCode(204)
  @Requires('manageBalances')
  @Page('partners/partner', { form: 'get', redirect: '/partner-program/partners/:id?done=saved' })
  reinstate(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.standings.reinstate(me, id);
  }

  @Put(':id/rank')
  @Requires('configure')
  @Page('partners/partner', { form: 'get', redirect: '/partner-program/partners/:id?done=saved' })
  @FormFields({ effectiveFrom: 'effectiveDay' })
  rank(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { rank, effectiveFrom }: RankDto) {
    return this.standings.rank(me, id, rank, effectiveFrom);
  }
}
