import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Refusal } from '../../kernel/refusal';
import type { ActorPartner } from '../../platform/web/access/actor';
import { actorOf } from '../../platform/web/access/actors.service';

/**
 * The partner who is logged in here, without a CRM account. Waiting for approval, suspended or not confirmed, one can
 * still look after the own login.
 * @throws Refusal UNAUTHENTICATED, NO_OWN_LOGIN for people who log in through the CRM
 */
export const MyAccount = createParamDecorator((_: unknown, context: ExecutionContext): ActorPartner => {
  const actor = actorOf(context.switchToHttp().getRequest<Request>());
  if (!actor) throw new Refusal('UNAUTHENTICATED');
  if (actor.userId !== null || !actor.partner) throw new Refusal('NO_OWN_LOGIN');
  return actor.partner;
});
