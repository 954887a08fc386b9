import { Body, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import type { Actor } from '../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import {
  ApproveLinkDto,
  ClientLinksQueryDto,
  LinkReasonDto,
  ReferClientDto,
  ReviewsQueryDto,
} from './client-links.dto';
import { ClientLinksService } from './client-links.service';

const REVIEWS = '/partner-program/reviews';

/** Referring clients: by partners, and the company's queue. @see P20 */
@ProgramController()
export class ClientLinksController {
  constructor(private readonly links: ClientLinksService) {}

  @Get('client-links')
  @Page('client-links/client-links')
  own(@Me() me: Actor, @Query() { cursor, limit = 25 }: ClientLinksQueryDto) {
    return this.links.own(me, { cursor, limit });
  }

  @Post('client-links')
  @Requires('takingPart')
  @Page('client-links/client-links', { form: 'own', redirect: '/partner-program/client-links?done=submitted' })
  @FormFields({})
  submit(@Me() me: Actor, @Body() referral: ReferClientDto) {
    return this.links.submit(me, referral);
  }

  @Get('reviews')
  @Requires('manageBalances', 'configure')
  @Page('client-links/reviews')
  reviews(@Query() { kind = 'clientLink', cursor, limit = 25 }: ReviewsQueryDto) {
    return this.links.reviews(kind, { cursor, limit });
  }

  @Post('client-links/:id/approval')
  @Requires('manageBalances', 'configure')
  @Page('client-links/reviews', { form: 'reviews', redirect: `${REVIEWS}?done=approved` })
  @FormFields({})
  approve(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { clientId }: ApproveLinkDto) {
    return this.links.approve(me, id, clientId);
  }

  @Post('client-links/:id/rejection')
  @HttpCode(201)
  @Requires('manageBalances', 'configure')
  @Page('client-links/reviews', { form: 'reviews', redirect: `${REVIEWS}?done=rejected` })
  @FormFields({})
  async reject(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason }: LinkReasonDto) {
    await this.links.reject(me, id, reason);
    return { id, state: 'rejected' as const };
  }

  @Post('client-links/:id/ending')
  @Requires('manageBalances', 'configure')
  @Page('client-links/reviews', { form: 'reviews', redirect: `${REVIEWS}?kind=running&done=ended` })
  @FormFields({})
  end(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason }: LinkReasonDto) {
    return this.links.end(me, id, reason);
  }
}
