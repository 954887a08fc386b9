import { Body, Delete, Get, Header, HttpCode, Post, Redirect, Req } from '@nestjs/common';
import type { Request } from 'express';
import { IsString, MaxLength } from 'class-validator';
import { SessionsService } from './sessions.service';
import { Open, userOf } from './web/access.guard';
import { CrmController } from './web/crm-controller';
import { Then, View } from './web/page.interceptor';
import { PagesService } from './web/pages.service';

export class SignInDto {
  @IsString() @MaxLength(254) email: string;
  @IsString() @MaxLength(200) password: string;
}

@CrmController()
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly pages: PagesService,
  ) {}

  /** The body is checked here; passport reads it from the request. */
  @Post('crm/sessions')
  @Open()
  @Then((request) => localPath(request.query.next))
  async signIn(@Body() _body: SignInDto, @Req() request: Request) {
    return { user: await this.sessions.signIn(request) };
  }

  @Delete('crm/sessions/current')
  @HttpCode(204)
  @Then('/login')
  async signOut(@Req() request: Request): Promise<void> {
    await this.sessions.signOut(request);
  }

  @Get('login')
  @Open()
  @View('login')
  login() {
    return {};
  }

  @Get()
  @Open()
  @Redirect()
  start(@Req() request: Request) {
    return { url: userOf(request) ? '/crm/contracts' : '/login' };
  }

  @Get('crm/crm.css')
  @Open()
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'public, max-age=3600')
  stylesheet(): string {
    return this.pages.stylesheet;
  }
}

/** A path of this site to go on to, read as a browser would read it; anything that leads elsewhere becomes `/`. */
export function localPath(next: unknown): string {
  const here = 'http://here.invalid';
  if (typeof next !== 'string' || !URL.canParse(next, here)) return '/';
  const url = new URL(next, here);
  return url.origin === here && !url.pathname.startsWith('//') ? url.pathname + url.search : '/';
}
