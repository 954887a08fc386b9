import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Refusal } from '../../../kernel/refusal';
import { type PartnerProgramOptions, PROGRAM_OPTIONS } from '../../../options';
import { isWrite } from '../request/is-write';
import { ownOrigin } from '../request/replies';

/**
 * Refuses writes that another site makes a browser send. Browsers say with every write where it comes from; a
 * client that says nothing at all is no browser, and nobody's session can be used through it.
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
    const { origin, referer, 'sec-fetch-site': site } = request.headers;
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    const from = origin ?? (referer && URL.canParse(referer) ? new URL(referer).origin : undefined);
    return from === undefined || from === new URL(this.options.publicUrl).origin || from === ownOrigin(request);
  }
}
