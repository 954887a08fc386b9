import { Body, Get, Header, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { networkOf } from '../../../kernel/network';
import { AccountsService } from '../../../people/accounts/accounts.service';
import { partnerJson } from '../../../people/partners/partner-json';
import type { Partner } from '../../../people/partners/partner.entity';
import { ThrottleService } from '../../../platform/throttle/throttle.service';
import type { Actor } from '../../../platform/web/access/actor';
import type { Origin } from '../../../platform/web/access/actors.service';
import { FormFields, From, Me, Open, Page, ProgramController } from '../../../platform/web/program-controller';
import { type RateLimit, RateLimited } from '../../../platform/web/request/rate-limit.interceptor';
import { LIMITS } from '../limits';
import { AsMailed } from '../links/as-mailed';
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
  ) {}

  @Get(INVITATION)
  @Page('registration/register')
  async invitation(@Param('token', AsMailed) token: string, @Me() me: Actor | null, @Req() request: Request) {
    const invitation = await this.registrations.invitation(token, me);
    const { firstName, lastName, email, phone, levelZero, inviter } = invitation;
    if (isPerson(request)) await this.registrations.opened(token);
    return {
      firstName,
      lastName,
      email,
      phone,
      levelZero,
      inviter: nameOf(inviter),
      crmAccount: await this.registrations.joinsInCrm(invitation),
      terms: await this.registrations.offer(),
    };
  }

  @Post(INVITATION)
  @FormFields({})
  @Page('registration/register', { form: 'invitation', redirect: '/partner-program' })
  async accept(
    @Param('token', AsMailed) token: string,
    @Body() body: AcceptInvitationDto,
    @From() origin: Origin,
    @Req() request: Request,
  ) {
    const partner = await this.registrations.accept(token, body, origin);
    return this.welcome(partner, request);
  }

  @Get(`${BASE}/invitation/:token/suppression`)
  @Page('registration/suppression')
  async receiver(@Param('token', AsMailed) token: string) {
    return { email: await this.registrations.receiver(token) };
  }

  @Post(`${BASE}/invitation/:token/suppression`)
  @HttpCode(204)
  @Page('registration/suppression', { form: 'receiver', redirect: `/${BASE}/suppressed` })
  suppress(@Param('token', AsMailed) token: string, @From() origin: Origin): Promise<void> {
    return this.registrations.suppress(token, origin);
  }

  @Get(`${BASE}/suppressed`)
  @Page('registration/suppressed')
  suppressed() {
    return {};
  }

  @Get(LINK)
  @Header('x-robots-tag', 'noindex')
  @Page('registration/register')
  async link(@Param('code', AsMailed) code: string, @Me() me: Actor | null) {
    const owner = await this.links.ownerOf(code, me);
    return { inviter: nameOf(owner), levelZero: owner.levelZero, terms: await this.registrations.offer() };
  }

  @Post(LINK)
  @RateLimited(ThrottleService, registrationsLeft)
  @FormFields({})
  @Page('registration/register', { form: 'link', redirect: '/partner-program' })
  async byLink(
    @Param('code', AsMailed) code: string,
    @Body() body: RegisterDto,
    @From() origin: Origin,
    @Req() request: Request,
  ) {
    const partner = await this.registrations.byLink(code, body, origin);
    return this.welcome(partner, request);
  }

  @Get(BARE)
  @Header('x-robots-tag', 'noindex')
  @Page('registration/register')
  async form() {
    return { inviter: null, levelZero: true, terms: await this.registrations.offer() };
  }

  @Post(BARE)
  @RateLimited(ThrottleService, registrationsLeft)
  @FormFields({})
  @Page('registration/register', { form: 'form', redirect: '/partner-program' })
  async atLevelZero(@Body() body: RegisterDto, @From() origin: Origin, @Req() request: Request) {
    const partner = await this.registrations.atLevelZero(body, origin);
    return this.welcome(partner, request);
  }

  /** Logged in at once. @see P10 */
  private async welcome(partner: Partner, request: Request) {
    await this.accounts.signIn(request, request.res!, partner.id);
    return { partner: partnerJson(partner), status: partner.status };
  }
}

function registrationsLeft(throttle: ThrottleService, { ip }: Request): Promise<RateLimit> {
  return throttle.left(LIMITS.registration, networkOf(ip));
}

/** A browser says when a person followed a link; scanners and prefetching do not say so. */
function isPerson({ headers, method }: Request): boolean {
  return method === 'GET' && headers['sec-fetch-user'] === '?1' && headers['sec-purpose'] === undefined;
}

function nameOf({ firstName, lastName }: { firstName: string; lastName: string }) {
  return { firstName, lastName };
}
