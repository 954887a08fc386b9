import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Refusal } from '../../kernel/refusal';
import type { Actor } from '../../platform/web/access/actor';
import { actorOf } from '../../platform/web/access/actors.service';

/**
 * Who looks after the own membership: suspended, waiting for approval, not confirmed or no longer allowed to take part,
 * one can still read what is stored about oneself and leave.
 * @throws Refusal UNAUTHENTICATED, NOT_A_PARTNER
 */
export const MyMembership = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const actor = actorOf(context.switchToHttp().getRequest<Request>());
  if (!actor) throw new Refusal('UNAUTHENTICATED');
  if (!actor.partner || actor.partner.status === 'left') throw new Refusal('NOT_A_PARTNER');
  return actor;
});
