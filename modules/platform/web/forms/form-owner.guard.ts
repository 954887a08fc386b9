import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Refusal } from '../../../kernel/refusal';
import { Audience } from '../access/access.guard';
import { actorOf } from '../access/actors.service';
import { isWrite } from '../request/is-write';
import { isForm, wantsPage } from '../request/replies';
import { markIn, ownerMark } from './form-owner';

/**
 * Carries a form out only for whom it was made: a tab that still shows one person's form must not act for the one who
 * has logged in since. On routes for anybody a form may also be made for nobody, or come from elsewhere without a mark;
 * a client that wants JSON has seen no form.
 *
 * @throws Refusal OTHER_PERSON (`signedInAs`)
 * @see Q16
 */
@Injectable()
export class FormOwnerGuard implements CanActivate {
  private readonly reflector = new Reflector();

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const actor = actorOf(request);
    if (!actor || !isWrite(request) || !isForm(request) || request.headers.authorization !== undefined) return true;
    const mark = markIn(request.body, request.query);
    if (mark === ownerMark(actor)) return true;
    if (mark === undefined && !wantsPage(request)) return true;
    const audience = this.reflector.getAllAndOverride(Audience, [context.getHandler(), context.getClass()]);
    if (audience === 'anyone' && (mark === undefined || mark === ownerMark(null))) return true;
    throw new Refusal('OTHER_PERSON', { signedInAs: actor.name });
  }
}
