import { Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { decodeCursor, sliceOf } from '../../../kernel/cursor';
import { localeFor } from '../../../kernel/locale';
import { Refusal } from '../../../kernel/refusal';
import { transaction } from '../../../kernel/transaction';
import { partnerJson } from '../../../people/partners/partner-json';
import { PartnersService } from '../../../people/partners/partners.service';
import { MailService } from '../../../platform/mail/mail.service';
import { Program } from '../../../platform/program/program.service';
import type { Actor } from '../../../platform/web/access/actor';
import { Me, Page, ProgramController, Requires } from '../../../platform/web/program-controller';
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
    private readonly program: Program,
  ) {}

  @Get('approvals')
  @Page('registration/approvals')
  async list(@Query() { cursor, limit = 25 }: InvitationsQueryDto) {
    const [after] = cursor === undefined ? [undefined] : decodeCursor(cursor, 1).map(String);
    if (after !== undefined && !isUuid(after)) throw new Refusal('INVALID_INPUT', { field: 'cursor' });
    return sliceOf(await listAwaiting(this.db.manager, { after, limit: limit + 1 }), limit, ({ id }) => [id]);
  }

  @Post('partners/:id/approval')
  @HttpCode(201)
  @Page('registration/approvals', { form: 'list', redirect: '/partner-program/approvals?done=approved' })
  async approve(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string) {
    const partner = await transaction(this.db, async (tx) => {
      const approved = await this.partners.approve(tx, me, id);
      const { email, firstName } = approved;
      await this.mail.send(tx, {
        key: `approved.${id}`,
        to: email,
        template: 'approved',
        locale: localeFor(approved, this.program.now),
        params: { name: firstName },
      });
      return approved;
    });
    return { partner: partnerJson(partner) };
  }
}
