import { Body, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { ThrottleService } from '../../platform/throttle/throttle.service';
import type { Actor } from '../../platform/web/access/actor';
import { actorOf } from '../../platform/web/access/actors.service';
import { FormFields, Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { type RateLimit, RateLimited } from '../../platform/web/request/rate-limit.interceptor';
import { InvitationLetter } from './invitation-letter.service';
import { InvitationsQueryDto, InviteDto, PreviewDto } from './invitations.dto';
import { InvitationsService } from './invitations.service';
import { LIMITS } from './limits';
import { LinksService } from './links/links.service';

const LIST = '/partner-program/invitations';

/** Invitations of the partner who asks; nobody else's can be seen or touched. @see P7 P8 */
@ProgramController('invitations')
export class InvitationsController {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly invitations: InvitationsService,
    private readonly letter: InvitationLetter,
    private readonly links: LinksService,
  ) {}

  @Get()
  @Page('invitations/invitations')
  async list(@Me() me: Actor, @Query() { status, sent, cursor, limit = 25 }: InvitationsQueryDto) {
    const inviterId = me.partner!.id;
    const text = sent === undefined ? undefined : await this.invitations.textOf(inviterId, sent);
    return {
      ...(await this.invitations.list(inviterId, { status, cursor, limit })),
      sender: await this.invitations.senderFor(me),
      suggestion: { ...this.letter.suggestion(me.locale), ...text },
      referralLink: await this.links.referralLink(me),
    };
  }

  @Get('sender')
  sender(@Me() me: Actor) {
    return this.invitations.senderFor(me);
  }

  /** Sends nothing; a draft is posted because it is long, and nobody's business. */
  @Post('preview')
  @Requires('takingPart')
  @HttpCode(200)
  @Page('invitations/preview', { form: 'list', shownOnce: true })
  @FormFields({})
  preview(@Me() me: Actor, @Body() draft: PreviewDto) {
    return this.letter.preview(draft, me);
  }

  @Post()
  @Requires('takingPart')
  @RateLimited(ThrottleService, invitationsLeft)
  @Page('invitations/invitations', { form: 'list', redirect: `${LIST}?done=invited&sent=:id&next=:next` })
  @FormFields({ levelZero: 'boolean' })
  invite(@Me() me: Actor, @Body() invited: InviteDto) {
    return this.invitations.invite(me, invited);
  }

  @Get(':id')
  get(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string) {
    return this.invitations.ownedBy(this.db.manager, me.partner!.id, id);
  }

  @Post(':id/resending')
  @Requires('takingPart')
  @RateLimited(ThrottleService, invitationsLeft)
  @HttpCode(202)
  @Page('invitations/invitations', { form: 'list', redirect: `${LIST}?done=invited&status=:tab` })
  resend(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.invitations.resend(me, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @Page('invitations/invitations', { form: 'list', redirect: `${LIST}?done=revoked&status=:tab` })
  revoke(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.invitations.revoke(me, id);
  }
}

function invitationsLeft(throttle: ThrottleService, request: Request): Promise<RateLimit> {
  return throttle.left(LIMITS.sender, actorOf(request)!.partner!.id);
}
