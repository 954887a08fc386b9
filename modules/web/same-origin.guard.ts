import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Refusal } from '../kernel/refusal';
import { type PartnerProgramOptions, PROGRAM_OPTIONS } from '../options';
import { isWrite } from './access.guard';

/**
 * Refuses writes that another site makes a browser send. The browser itself says where a request comes from;
 * a client that says nothing is believed only when it carries no cookie, so that nobody's session is used.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  constructor(@Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (isWrite(request) && !this.comesFromUs(request)) throw new Refusal('FOREIGN_ORIGIN');
    return true;
  }

  private comesFromUs(request: Request): boolean {
    const { cookie, origin, 'sec-fetch-site': site } = request.headers;
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    if (origin !== undefined) return origin === new URL(this.options.publicUrl).origin || origin === ownOrigin(request);
    return cookie === undefined;
  }
}

/** The origin a request was sent to. */
export function ownOrigin(request: Request): string {
  return `${request.protocol}://${request.get('host')}`;
}
