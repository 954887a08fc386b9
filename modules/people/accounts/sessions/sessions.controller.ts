import { Body, Delete, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { networkOf } from '../../../kernel/network';
import { PROGRAM_OPTIONS } from '../../../options';
import type { PartnerProgramOptions } from '../../../options';
import { ThrottleService } from '../../../platform/throttle/throttle.service';
import type { ActorPartner } from '../../../platform/web/access/actor';
import { Open, Page, ProgramController } from '../../../platform/web/program-controller';
import { RateLimited } from '../../../platform/web/request/rate-limit.interceptor';
import { SeeOther, wantsPage } from '../../../platform/web/request/replies';
import { ACCOUNT } from '../accounts.controller';
import { LogInDto } from '../accounts.dto';
import { AccountsService } from '../accounts.service';
import { LIMITS } from '../limits';
import { MyAccount } from '../my-account.guard';
import { localPath } from './local-path';
import { SessionsService } from './sessions.service';

/** Logging in and out without a CRM account. What somebody may do about the own login, {@link MyAccount} decides. */
@ProgramController()
@Open()
export class SessionsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
  ) {}

  @Get('login')
  @Page('accounts/login')
  login(@Query('next') next: unknown) {
    return { next: next === undefined ? null : localPath(next), crmLoginPath: this.options.loginPath ?? null };
  }

  @Post('sessions')
  @Page('accounts/login', { form: 'login' })
  @RateLimited(ThrottleService, (throttle, { ip }) => throttle.left(LIMITS.loginFromAddress, networkOf(ip)))
  async logIn(
    @Body() { email, password }: LogInDto,
    @Query('next') next: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const account = await this.accounts.logIn(request, response, email, password);
    if (wantsPage(request) && !request.is('json')) throw new SeeOther(localPath(next));
    const { partnerId: id, firstName, lastName, status, emailConfirmed } = account;
    return { partner: { id, firstName, lastName, email: account.email, status, emailConfirmed } };
  }

  @Get('sessions')
  async list(@MyAccount() me: ActorPartner, @Req() request: Request) {
    return { data: await this.sessions.list(request, me.id), nextCursor: null };
  }

  @Delete('sessions/current')
  @HttpCode(204)
  @Page('accounts/login', { redirect: '/partner-program/login' })
  logOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    return this.sessions.end(request, response);
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @Page('accounts/security', { form: ACCOUNT, redirect: '/partner-program/account' })
  end(@MyAccount() me: ActorPartner, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.sessions.endOne(me.id, id);
  }
}
