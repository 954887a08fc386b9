import { Body, Get, HttpCode, Post } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import { partnerJson } from '../../people/partners/partner-json';
import type { Actor } from '../../platform/web/access/actor';
import { Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { PlansService } from '../../rules/plans/plans.service';
import { MembershipService } from './membership.service';
import { SupervisorsService } from './supervisors.service';

export class JoinDto {
  @IsUUID() termsVersionId: string;
}

@ProgramController('membership')
@Requires('participate')
export class MembershipController {
  constructor(
    private readonly membership: MembershipService,
    private readonly supervisors: SupervisorsService,
    private readonly plans: PlansService,
  ) {}

  @Get()
  @Page('membership/join')
  async get(@Me() me: Actor) {
    return { ...(await this.membership.of(await this.supervisors.userOf(me))), rateCard: await this.plans.rateCard() };
  }

  @Post()
  @Page('membership/join', { form: 'get', redirect: '/partner-program' })
  async join(@Me() me: Actor, @Body() { termsVersionId }: JoinDto) {
    const partner = await this.membership.join(await this.supervisors.userOf(me), termsVersionId, me);
    return { partner: partnerJson(partner) };
  }

  @Post('reminders')
  @HttpCode(202)
  @Page('membership/join', { form: 'get', redirect: '/partner-program/membership?done=reminded' })
  async remind(@Me() me: Actor): Promise<void> {
    await this.membership.remind(await this.supervisors.userOf(me));
  }
}
