import { Body, Get, HttpCode, Ip, Param, Post, Put, Req } from '@nestjs/common';
import type { Request } from 'express';
import { networkOf } from '../../../kernel/network';
import { Refusal } from '../../../kernel/refusal';
import { ThrottleService } from '../../../platform/throttle/throttle.service';
import type { ActorPartner } from '../../../platform/web/access/actor';
import { Open, Page, ProgramController } from '../../../platform/web/program-controller';
import { RateLimited } from '../../../platform/web/request/rate-limit.interceptor';
import { ACCOUNT } from '../accounts.controller';
import { ChangePasswordDto, RequestResetDto, ResetPasswordDto } from '../accounts.dto';
import { LIMITS } from '../limits';
import { maskedEmail } from '../masked-email';
import { MyAccount } from '../my-account.guard';
import { PASSWORD_MAX, PASSWORD_MIN } from './password-rules';
import { RecoveryService } from './recovery.service';

@ProgramController()
@Open()
export class PasswordsController {
  constructor(private readonly recovery: RecoveryService) {}

  @Get('password-resets')
  @Page('accounts/reset')
  form() {
    return {};
  }

  /** The same answer for every address. @see F62 */
  @Post('password-resets')
  @RateLimited(ThrottleService, (throttle, { ip }) => throttle.left(LIMITS.resetFromAddress, networkOf(ip)))
  @HttpCode(202)
  @Page('accounts/reset', { form: 'form', redirect: '/partner-program/notices/resetSent' })
  request(@Body() { email }: RequestResetDto, @Ip() ip: string): Promise<void> {
    return this.recovery.request(email, ip);
  }

  @Get('password-resets/:token')
  @Page('accounts/new-password')
  async look(@Param('token') token: string) {
    const { email } = await this.recovery.accountBehind(token);
    return { email: maskedEmail(email), minimum: PASSWORD_MIN, maximum: PASSWORD_MAX };
  }

  @Post('password-resets/:token')
  @HttpCode(204)
  @Page('accounts/new-password', { form: 'look', redirect: '/partner-program/notices/passwordSet' })
  reset(@Param('token') token: string, @Body() { password }: ResetPasswordDto): Promise<void> {
    return this.recovery.reset(token, password);
  }

  @Put('password')
  @HttpCode(204)
  @Page('accounts/security', { form: ACCOUNT, redirect: '/partner-program/notices/passwordChanged' })
  async change(
    @MyAccount() me: ActorPartner,
    @Body() { currentPassword, newPassword }: ChangePasswordDto,
    @Req() request: Request,
  ): Promise<void> {
    if (!me.emailConfirmed) throw new Refusal('EMAIL_UNCONFIRMED');
    await this.recovery.change(request, me.id, currentPassword, newPassword);
  }
}
