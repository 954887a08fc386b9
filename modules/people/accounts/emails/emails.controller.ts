import { Body, Get, HttpCode, Ip, Param, Post } from '@nestjs/common';
import { networkOf } from '../../../kernel/network';
import { ThrottleService } from '../../../platform/throttle/throttle.service';
import type { ActorPartner } from '../../../platform/web/access/actor';
import { Open, Page, ProgramController } from '../../../platform/web/program-controller';
import { RateLimited } from '../../../platform/web/request/rate-limit.interceptor';
import { ACCOUNT } from '../accounts.controller';
import { ChangeEmailDto, RequestConfirmationDto } from '../accounts.dto';
import { LIMITS } from '../limits';
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
  @Page('accounts/security', { form: ACCOUNT, redirect: '/partner-program/notices/confirmationSent' })
  resend(@MyAccount() me: ActorPartner): Promise<void> {
    return this.emails.resendConfirmation(me);
  }

  @Get(`${BASE}/confirmation-requests`)
  @Page('accounts/confirmation')
  form() {
    return {};
  }

  /** The same answer for every address. @see F62 */
  @Post(`${BASE}/confirmation-requests`)
  @RateLimited(ThrottleService, (throttle, { ip }) => throttle.left(LIMITS.confirmationFromAddress, networkOf(ip)))
  @HttpCode(202)
  @Page('accounts/confirmation', { form: 'form', redirect: '/partner-program/notices/confirmationRequested' })
  request(@Body() { email }: RequestConfirmationDto, @Ip() ip: string): Promise<void> {
    return this.emails.requestConfirmation(email, ip);
  }

  @Get(CONFIRMATION)
  @Page('accounts/confirm')
  async look(@Param('token') token: string) {
    const { email, confirmed } = await this.emails.confirmationOf(token);
    return { email: maskedEmail(email), change: false, confirmed };
  }

  @Post(CONFIRMATION)
  @HttpCode(204)
  @Page('accounts/confirm', { form: 'look', redirect: '/partner-program/notices/confirmed' })
  confirm(@Param('token') token: string): Promise<void> {
    return this.emails.confirm(token);
  }

  @Post(`${BASE}/email-changes`)
  @HttpCode(202)
  @Page('accounts/security', { form: ACCOUNT, redirect: '/partner-program/notices/changeSent' })
  requestChange(@MyAccount() me: ActorPartner, @Body() { email, password }: ChangeEmailDto): Promise<void> {
    return this.emails.requestChange(me, email, password);
  }

  @Get(`${BASE}/email-changes/:token`)
  @Page('accounts/confirm')
  async lookAtChange(@Param('token') token: string) {
    const { email } = await this.emails.changeBehind(token);
    return { email, change: true, confirmed: false };
  }

  @Post(`${BASE}/email-changes/:token`)
  @HttpCode(200)
  @Page('accounts/confirm', { form: 'lookAtChange', redirect: '/partner-program/notices/:notice' })
  async confirmChange(@Param('token') token: string) {
    const complete = await this.emails.confirmChange(token);
    return { complete, notice: complete ? 'changed' : 'changeHalf' };
  }
}
