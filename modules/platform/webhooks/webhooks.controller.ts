import { Body, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import type { Actor } from '../web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../web/program-controller';
import { WEBHOOK_EVENTS } from './webhook-events';
import { AddWebhookDto, ChangeWebhookDto, DeliveriesQueryDto } from './webhooks.dto';
import { WebhooksService } from './webhooks.service';

const ONE = '/partner-program/settings/webhooks/:id/deliveries';

/** What the program and other systems report to each other. @see S16 */
@ProgramController('settings/webhooks')
@Requires('configure')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get()
  @Page('webhooks/webhooks')
  async list() {
    const [data, host] = [await this.webhooks.list(), await this.webhooks.hostState()];
    return { data, nextCursor: null, events: WEBHOOK_EVENTS, host };
  }

  @Post()
  @Page('webhooks/secret', { form: 'list', shownOnce: true })
  @FormFields({})
  add(@Me() me: Actor, @Body() wanted: AddWebhookDto) {
    return this.webhooks.add(wanted, me);
  }

  @Patch(':id')
  @Page('webhooks/webhook', { form: 'deliveries', redirect: `${ONE}?done=saved` })
  @FormFields({ active: 'boolean' })
  change(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() changes: ChangeWebhookDto) {
    return this.webhooks.change(id, changes, me);
  }

  @Delete(':id')
  @HttpCode(204)
  @Page('webhooks/webhooks', { form: 'list', redirect: '/partner-program/settings/webhooks?done=removed' })
  remove(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.webhooks.remove(id, me);
  }

  @Post(':id/secret')
  @Page('webhooks/secret', { form: 'deliveries', shownOnce: true })
  rotate(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string) {
    return this.webhooks.rotate(id, me);
  }

  @Post(':id/test')
  @Page('webhooks/webhook', { form: 'deliveries', redirect: `${ONE}?done=queued` })
  test(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string) {
    return this.webhooks.test(id, me);
  }

  @Get(':id/deliveries')
  @Page('webhooks/webhook')
  async deliveries(@Param('id', ParseUUIDPipe) id: string, @Query() { cursor, limit = 25 }: DeliveriesQueryDto) {
    return { ...(await this.webhooks.deliveries(id, { cursor, limit })), events: WEBHOOK_EVENTS };
  }

  @Post(':id/replay')
  @HttpCode(200)
  @Page('webhooks/webhook', { form: 'deliveries', redirect: `${ONE}?done=queued` })
  replayFailed(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string) {
    return this.webhooks.replayFailed(id, me);
  }

  @Post(':id/deliveries/:deliveryId/replay')
  @HttpCode(204)
  @Page('webhooks/webhook', { form: 'deliveries', redirect: `${ONE}?done=queued` })
  replay(
    @Me() me: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('deliveryId') deliveryId: string,
  ): Promise<void> {
    return this.webhooks.replay(id, deliveryId, me);
  }
}
