import { Body, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post, Query, Res, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { Refusal } from '../kernel/refusal';
import { partnerJson } from '../partners/partner-json';
import { PartnersService } from '../partners/partners.service';
import type { Actor } from '../web/actor';
import { OneAtATime } from '../web/one-at-a-time';
import { FormFields, Me, Page, ProgramController, Requires } from '../web/program-controller';
import { AdjustmentsService } from './adjustments.service';
import { Repeatable } from './idempotency/idempotency.dto';
import type { Attempt } from './idempotency/idempotency.queries';
import { StatementsService } from './statements/statements.service';
import { AdjustmentDto, EntriesQueryDto } from './wallets.dto';
import { WalletsService } from './wallets.service';

/** From the first to the last of these days, both included. */
const PERIOD = { from: 'fromDay', to: 'untilDay' } as const;

/** A partner's money: open to the partner and to holders of `manageBalances`, unknown to everybody else. */
@ProgramController('partners/:id')
@Requires('self', 'manageBalances')
export class WalletsController {
  constructor(
    private readonly wallets: WalletsService,
    private readonly adjustments: AdjustmentsService,
    private readonly statements: StatementsService,
    private readonly partners: PartnersService,
  ) {}

  /** With one wallet only, its version is the entity tag too: what `If-Match` of a correction names. */
  @Get('wallets')
  async list(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) response: Response) {
    await this.ownerFor(me, id);
    const data = await this.wallets.of(id);
    if (data.length === 1) response.setHeader('etag', `"${data[0]!.version}"`);
    return { data, nextCursor: null };
  }

  @Get('entries')
  @Page('partners/entries')
  @FormFields(PERIOD)
  async entries(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Query() query: EntriesQueryDto) {
    const partner = await this.ownerFor(me, id);
    const { account = 'available', limit = 25, cursor, ...filter } = query;
    const page = await this.wallets.entries(id, { account, ...filter }, { cursor, limit });
    return { ...page, partner: partnerJson(partner) };
  }

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

  /** What a correction would leave, before it is made: the step between for whoever has no scripts. */
  @Post('adjustments/preview')
  @HttpCode(200)
  @Requires('manageBalances')
  @Page('partners/adjustment', { shownOnce: true })
  @FormFields({ amountMinor: 'money' })
  async check(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() order: AdjustmentDto) {
    const partner = await this.partners.visibleTo(me, id);
    return { ...(await this.adjustments.preview(me, partner, order)), order, partner: partnerJson(partner) };
  }

  @Post('adjustments')
  @Requires('manageBalances')
  @Page('partners/partner', { redirect: '/partner-program/partners/:id?done=saved' })
  @FormFields({ amountMinor: 'money' })
  async adjust(
    @Me() me: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() change: AdjustmentDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Repeatable() attempt?: Attempt,
  ) {
    const partner = await this.partners.visibleTo(me, id);
    const expectedVersion = versionIn(ifMatch) ?? versionSeen(change);
    return this.adjustments.adjust(me, partner, change, { expectedVersion, attempt });
  }

  private async statementOf(me: Actor, id: string, query: EntriesQueryDto) {
    const { account = 'available', limit: _, cursor: __, ...filter } = query;
    return { partner: await this.ownerFor(me, id), filter: { account, ...filter }, locale: me.locale };
  }

  private ownerFor(me: Actor, id: string) {
    if (me.partner?.id !== id && !me.permissions.has('manageBalances')) throw new Refusal('NOT_FOUND');
    return this.partners.visibleTo(me, id);
  }
}

/** A wallet that the form did not show was empty, or not there at all. */
function versionSeen({ seen, currency }: AdjustmentDto): number | undefined {
  const version = seen?.split(' ').find((wallet) => wallet.startsWith(`${currency}:`));
  return seen === undefined ? undefined : Number(version?.slice(4) ?? 0);
}

/** `"12"` is the version 12; `*` matches any, and so does no header. */
function versionIn(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const version = /^\s*(?:W\/)?"(\d{1,15})"\s*$/.exec(ifMatch)?.[1];
  if (version === undefined) throw new Refusal('INVALID_INPUT', { field: 'If-Match' });
  return Number(version);
}
