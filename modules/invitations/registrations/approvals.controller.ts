import { Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { decodeCursor, pageOf } from '../../kernel/cursor';
import { Refusal } from '../../kernel/refusal';
import { transaction } from '../../kernel/transaction';
import { MailService } from '../../mail/mail.service';
import { partnerJson } from '../../partners/partner-json';
import { PartnersService } from '../../partners/partners.service';
import type { Actor } from '../../web/actor';
import { Me, Page, ProgramController, Requires } from '../../web/program-controller';
import { InvitationsQueryDto } from '../invitations.dto';
import { listAwaiting } from './approvals.queries';

/** People who registered without a link wait here. @see P9 */
@ProgramController()
@Requires('inviteLevelZero')
export class ApprovalsController {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly partners: PartnersService,
    private readonly mail: MailService,
  ) {}

  @Get('approvals')
  @Page('registration/approvals')
  async list(@Query() { cursor, limit = 25 }: InvitationsQueryDto) {
    const [after] = cursor === undefined ? [undefined] : decodeCursor(cursor, 1).map(String);
    if (after !== undefined && !isUuid(after)) throw new Refusal('INVALID_INPUT', { field: 'cursor' });
    return pageOf(await listAwaiting(this.db.manager, { after, limit: limit + 1 }), limit, ({ id }) => [id]);
  }

  @Post('partners/:id/approval')
  @HttpCode(201)
  @Page('registration/approvals', { redirect: '/partner-program/approvals?done=approved' })
  async approve(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string) {
    const partner = await transaction(this.db, async (tx) => {
      const approved = await this.partners.approve(tx, me, id);
      const { email, firstName, locale } = approved;
      await this.mail.send(tx, {
        key: `approved.${id}`,
        to: email,
        template: 'approved',
        locale: locale ?? me.locale,
        params: { name: firstName },
      });
      return approved;
    });
    return { partner: partnerJson(partner) };
  }
}
