import { Body, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Refusal } from '../../kernel/refusal';
import { partnerJson } from '../../people/partners/partner-json';
import { PartnersController } from '../../people/partners/partners.controller';
import { PartnersService } from '../../people/partners/partners.service';
import { Repeatable } from '../../platform/idempotency/idempotency.dto';
import type { RepeatableRequest } from '../../platform/idempotency/idempotency.queries';
import type { Actor } from '../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { AdjustmentsService } from './adjustments.service';
import { AdjustmentDto, EntriesQueryDto, PERIOD } from './wallets.dto';
import { WalletsService } from './wallets.service';

/** The page with the form of a correction. */
const PARTNER = () => ({ controller: PartnersController, method: 'get' });

/** A partner's money: open to the partner and to holders of `manageBalances`, unknown to everybody else. */
@ProgramController('partners/:id')
@Requires('self', 'manageBalances')
export class WalletsController {
  constructor(
    private readonly wallets: WalletsService,
    private readonly adjustments: AdjustmentsService,
    private readonly partners: PartnersService,
  ) {}

  /** With one wallet only, its version is the entity tag too: what `If-Match` of a correction names. */
  @Get('wallets')
  async list(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) response: Response) {
    await this.partners.ownerFor(me, id);
    const data = await this.wallets.of(id);
    if (data.length === 1) response.setHeader('etag', `"${data[0]!.version}"`);
    return { data, nextCursor: null };
  }

  @Get('entries')
  @Page('partners/entries')
  @FormFields(PERIOD)
  async entries(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Query() query: EntriesQueryDto) {
    const partner = await this.partners.ownerFor(me, id);
    const { account = 'available', limit = 25, cursor, ...filter } = query;
    const page = await this.wallets.entries(id, { account, ...filter }, { cursor, limit });
    return { ...page, partner: partnerJson(partner) };
  }

  /** What a correction would leave, before it is made: the step between for whoever has no scripts. */
  @Post('adjustments/preview')
  @HttpCode(200)
  @Requires('manageBalances')
  @Page('partners/adjustment', { form: PARTNER, shownOnce: true })
  @FormFields({ amountMinor: 'money' })
  async check(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() order: AdjustmentDto) {
    const partner = await this.partners.visibleTo(me, id);
    return { ...(await this.adjustments.preview(me, partner, order)), order, partner: partnerJson(partner) };
  }

  @Post('adjustments')
  @Requires('manageBalances')
  @Page('partners/partner', { form: PARTNER, redirect: '/partner-program/partners/:id?done=saved' })
  @FormFields({ amountMinor: 'money' })
  async adjust(
    @Me() me: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() change: AdjustmentDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Repeatable() repeatable?: RepeatableRequest,
  ) {
    const partner = await this.partners.visibleTo(me, id);
    const expectedVersion = versionIn(ifMatch) ?? versionSeen(change);
    return this.adjustments.adjust(me, partner, change, { expectedVersion, repeatable });
  }
}

/** A wallet that the form did not show was empty, or not there at all. */
function versionSeen({ seen, currency }: AdjustmentDto): number | undefined {
  const version = seen?.split(' ').find((wallet) => wallet.startsWith(`${currency}:`));
  return seen === undefined ? undefined : Number(version?.slice(currency.length + 1) ?? 0);
}

/** `"12"` is the version 12; `*` matches any, and so does no header. */
function versionIn(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const version = /^\s*(?:W\/)?"(\d{1,15})"\s*$/.exec(ifMatch)?.[1];
  if (version === undefined) throw new Refusal('INVALID_INPUT', { field: 'If-Match' });
  return Number(version);
}
