import { Get, Param, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Refusal } from '../../kernel/refusal';
import type { ActorPartner } from '../../platform/web/access/actor';
import { Open, Page, ProgramController } from '../../platform/web/program-controller';
import { EmailsService } from './emails/emails.service';
import { MyAccount } from './my-account.guard';
import { PASSWORD_MAX, PASSWORD_MIN } from './passwords/password-rules';
import { SessionsService } from './sessions/sessions.service';

/** What a form says once it is done. */
const NOTICES = [
  'resetSent',
  'passwordSet',
  'passwordChanged',
  'confirmationRequested',
  'confirmationSent',
  'confirmed',
  'changeSent',
  'changeHalf',
  'changed',
  'left',
] as const;

/** The own login: address, password, sessions. */
@ProgramController()
@Open()
export class AccountsController {
  constructor(
    private readonly emails: EmailsService,
    private readonly sessions: SessionsService,
  ) {}

  @Get('account')
  @Page('accounts/security')
  async show(@MyAccount() me: ActorPartner, @Req() request: Request) {
    const change = await this.emails.pendingChange(me.id);
    return {
      email: me.email,
      emailConfirmed: me.emailConfirmed,
      emailChange: change
        ? { email: change.email, oldConfirmed: change.oldConfirmed, newConfirmed: change.newConfirmed }
        : null,
      sessions: await this.sessions.list(request, me.id),
      minimum: PASSWORD_MIN,
      maximum: PASSWORD_MAX,
    };
  }

  @Get('notices/:notice')
  @Page('accounts/notice')
  notice(@Param('notice') name: string) {
    const notice = NOTICES.find((known) => known === name);
    if (!notice) throw new Refusal('NOT_FOUND');
    return { notice };
  }
}

/** The page with the forms of password, address and sessions. */
export const ACCOUNT = () => ({ controller: AccountsController, method: 'show' });
