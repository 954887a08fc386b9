import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Actor, ActorPartner } from '../web/access/actor';
import { FormFields, Me, MyPartner, Page, ProgramController } from '../web/program-controller';
import { NotificationsQueryDto, SeenDto } from './notifications.dto';
import { NotificationsService } from './notifications.service';

/** What a partner was notified. Looking at the list changes nothing; the page then says how far it was seen. */
@ProgramController('notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Get()
  @Page('notifications/notifications')
  list(
    @MyPartner() { id }: ActorPartner,
    @Me() { locale }: Actor,
    @Query() { cursor, limit = 25 }: NotificationsQueryDto,
  ) {
    return this.notifications.list(id, locale, { cursor, limit });
  }

  @Post('seen')
  @HttpCode(204)
  @Page('notifications/notifications', { form: 'list', redirect: '/partner-program/notifications' })
  @FormFields({})
  see(@MyPartner() { id }: ActorPartner, @Body() { until }: SeenDto): Promise<void> {
    return this.notifications.see(id, until);
  }
}
