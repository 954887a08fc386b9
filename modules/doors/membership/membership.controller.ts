import { Body, Get, HttpCode, Post } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import { Host } from '../../host';
import type { HostUser } from '../../host';
import { Refusal } from '../../kernel/refusal';
import { partnerJson } from '../../people/partners/partner-json';
import type { Actor } from '../../platform/web/access/actor';
import { Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { PlansService } from '../../rules/plans/plans.service';
import { MembershipService } from './membership.service';

export class JoinDto {
  @IsUUID() termsVersionId: string;
}

@ProgramController('membership')
@Requires('participate')
export class MembershipController {
  constructor(
    private readonly membership: MembershipService,
    private readonly host: Host,
    private readonly plans: PlansService,
  ) {}

  @Get()
  @Page('membership/join')
  async get(@Me() me: Actor) {
    return { ...(await this.membership.of(await this.userOf(me))), rateCard: await this.plans.rateCard() };
  }

  @Post()
  @Page('membership/join', { form: 'get', redirect: '/partner-program' })
  async join(@Me() me: Actor, @Body() { termsVersionId }: JoinDto) {
    const partner = await this.membership.join(await this.userOf(me), termsVersionId, me);
    return { partner: partnerJson(partner) };
  }

  @Post('reminders')
  @HttpCode(202)
  @Page('membership/join', { form: 'get', redirect: '/partner-program/membership?done=reminded' })
  async remind(@Me() me: Actor): Promise<void> {
    await this.membership.remind(await this.userOf(me));
  }

  private async userOf({ userId }: Actor): Promise<HostUser> {
    const [user] = userId === null ? [] : await this.host.users([userId]);
    if (!user) throw new Refusal('FORBIDDEN', { permission: 'participate' });
    return user;
  }
}
