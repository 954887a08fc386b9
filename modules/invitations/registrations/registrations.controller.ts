import { Body, Get, Header, HttpCode, Ip, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DataSource } from 'typeorm';
import { AccountsService } from '../../accounts/accounts.service';
import { networkOf } from '../../accounts/attempts/limits';
import { partnerJson } from '../../partners/partner-json';
import type { Partner } from '../../partners/partner.entity';
import { Actors } from '../../web/actors.service';
import { FormFields, Open, Page, ProgramController } from '../../web/program-controller';
import { requestIdOf } from '../../web/request-id';
import { type RateLimit, RateLimited } from '../../web/rate-limit.interceptor';
import { allowanceLeft } from '../allowances/allowances.queries';
import { LinksService } from '../links/links.service';
import { AcceptInvitationDto, RegisterDto } from './registrations.dto';
import { RegistrationsService } from './registrations.service';

const BASE = 'partner-program/registrations';
const INVITATION = [`${BASE}/invitation/:token`, 'zaproszenie/:token', 'convite/:token', 'invitation/:token'];
const LINK = [`${BASE}/link/:code`, 'rejestracja/:code', 'cadastro/:code', 'register/:code'];
const BARE = [BASE, 'rejestracja', 'cadastro', 'register'];

/** The doors of the program for people without an account. Only a POST ever uses anything up. @see P9 P10 F58 */
@ProgramController('/')
@Open()
export class RegistrationsController {
  constructor(
    private readonly registrations: RegistrationsService,
    private readonly links: LinksService,
    private readonly accounts: AccountsService,
    private readonly actors: Actors,
  ) {}

  @Get(INVITATION)
  @Page('registration/register')
  async invitation(@Param('token') token: string, @Req() request: Request) {
    const { firstName, lastName, email, phone, levelZero, inviter } = await this.registrations.invitation(token);
    if (isPerson(request)) await this.registrations.opened(token);
    return {
      firstName,
      lastName,
      email,
      phone,
      levelZero,
      inviter: nameOf(inviter),
      terms: await this.registrations.offer(),
    };
  }

  @Post(INVITATION)
  @FormFields({})
  @Page('registration/register', { redirect: '/partner-program' })
  async accept(
    @Param('token') token: string,
    @Body() body: AcceptInvitationDto,
    @Ip() ip: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const partner = await this.registrations.accept(token, body, this.contextOf(request, ip));
    return this.welcome(partner, request, response);
  }

  @Get(`${BASE}/invitation/:token/suppression`)
  @Page('registration/suppression')
  async receiver(@Param('token') token: string) {
    return { email: await this.registrations.receiver(token) };
  }

  @Post(`${BASE}/invitation/:token/suppression`)
  @HttpCode(204)
  @Page('registration/suppression', { redirect: `/${BASE}/suppressed` })
  suppress(@Param('token') token: string, @Ip() ip: string, @Req() request: Request): Promise<void> {
    return this.registrations.suppress(token, this.contextOf(request, ip));
  }

  @Get(`${BASE}/suppressed`)
  @Page('registration/suppressed')
  suppressed() {
    return {};
  }

  @Get(LINK)
  @Header('x-robots-tag', 'noindex')
  @Page('registration/register')
  async link(@Param('code') code: string) {
    const owner = await this.links.ownerOf(code);
    return { inviter: nameOf(owner), levelZero: owner.levelZero, terms: await this.registrations.offer() };
  }

  @Post(LINK)
  @RateLimited(DataSource, registrationsLeft)
  @FormFields({})
  @Page('registration/register', { redirect: '/partner-program' })
  async byLink(
    @Param('code') code: string,
    @Body() body: RegisterDto,
    @Ip() ip: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const partner = await this.registrations.byLink(code, body, this.contextOf(request, ip));
    return this.welcome(partner, request, response);
  }

  @Get(BARE)
  @Header('x-robots-tag', 'noindex')
  @Page('registration/register')
  async form() {
    return { inviter: null, levelZero: true, terms: await this.registrations.offer() };
  }

  @Post(BARE)
  @RateLimited(DataSource, registrationsLeft)
  @FormFields({})
  @Page('registration/register', { redirect: '/partner-program' })
  async atLevelZero(
    @Body() body: RegisterDto,
    @Ip() ip: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const partner = await this.registrations.atLevelZero(body, this.contextOf(request, ip));
    return this.welcome(partner, request, response);
  }

  /** Logged in at once. @see P10 */
  private async welcome(partner: Partner, request: Request, response: Response) {
    await this.accounts.signIn(request, response, partner.id);
    return { partner: partnerJson(partner), status: partner.status };
  }

  private contextOf(request: Request, ip: string) {
    return { ip, locale: this.actors.localeOf(request), requestId: requestIdOf(request) };
  }
}

function registrationsLeft({ manager }: DataSource, { ip }: Request): Promise<RateLimit> {
  return allowanceLeft(manager, 'registration', networkOf(ip));
}

/** A browser says when a person followed a link; scanners and prefetching do not say so. */
function isPerson({ headers, method }: Request): boolean {
  return method === 'GET' && headers['sec-fetch-user'] === '?1' && headers['sec-purpose'] === undefined;
}

function nameOf({ firstName, lastName }: { firstName: string; lastName: string }) {
  return { firstName, lastName };
}
