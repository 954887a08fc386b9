import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { ActorPartner } from '../../web/actor';
import { Open, Page, ProgramController } from '../../web/program-controller';
import { ChangeEmailDto } from '../accounts.dto';
import { maskedEmail } from '../masked-email';
import { MyAccount } from '../my-account.guard';
import { EmailsService } from './emails.service';

const BASE = 'partner-program';
const CONFIRMATION = [
  `${BASE}/email-confirmations/:token`,
  'potwierdz-email/:token',
  'confirmar-email/:token',
  'confirm-email/:token',
];

/** Confirming an address and changing it. Opening a link only shows a button: mail scanners open links too. @see F58 */
@ProgramController('/')
@Open()
export class EmailsController {
  constructor(private readonly emails: EmailsService) {}

  @Post(`${BASE}/email-confirmations`)
  @HttpCode(202)
  @Page('accounts/security', { redirect: '/partner-program/notices/confirmationSent' })
  resend(@MyAccount() me: ActorPartner): Promise<void> {
    return this.emails.resendConfirmation(me);
  }

  @Get(CONFIRMATION)
  @Page('accounts/confirm')
  async look(@Param('token') token: string) {
    const { email } = await this.emails.confirmationOf(token);
    return { email: maskedEmail(email), change: false };
  }

  @Post(CONFIRMATION)
  @HttpCode(204)
  @Page('accounts/confirm', { redirect: '/partner-program/notices/confirmed' })
  confirm(@Param('token') token: string): Promise<void> {
    return this.emails.confirm(token);
  }

  @Post(`${BASE}/email-changes`)
  @HttpCode(202)
  @Page('accounts/security', { redirect: '/partner-program/notices/changeSent' })
  requestChange(@MyAccount() me: ActorPartner, @Body() { email, password }: ChangeEmailDto): Promise<void> {
    return this.emails.requestChange(me, email, password);
  }

  @Get(`${BASE}/email-changes/:token`)
  @Page('accounts/confirm')
  async lookAtChange(@Param('token') token: string) {
    const { email } = await this.emails.changeBehind(token);
    return { email, change: true };
  }

  @Post(`${BASE}/email-changes/:token`)
  @HttpCode(200)
  @Page('accounts/confirm', { redirect: '/partner-program/notices/:notice' })
  async confirmChange(@Param('token') token: string) {
    const complete = await this.emails.confirmChange(token);
    return { complete, notice: complete ? 'changed' : 'changeHalf' };
  }
}
