import { Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Actor } from '../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { SubordinatesService } from './subordinates.service';

const LIST = '/partner-program/membership/subordinates';

/** Inviting those who stand directly below in the CRM. @see P21 */
@ProgramController('membership/subordinates')
@Requires('participate')
export class SubordinatesController {
  constructor(private readonly subordinates: SubordinatesService) {}

  @Get()
  @Page('membership/subordinates')
  async list(@Me() me: Actor) {
    return { data: await this.subordinates.of(me), nextCursor: null };
  }

  @Post(':userId/invitation')
  @HttpCode(202)
  @Page('membership/subordinates', { form: 'list', redirect: `${LIST}?done=invited` })
  @FormFields({})
  invite(@Me() me: Actor, @Param('userId') userId: string): Promise<void> {
    return this.subordinates.invite(me, userId);
  }
}
