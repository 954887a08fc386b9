import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Refusal } from '../../kernel/refusal';
import type { Actor } from '../../platform/web/access/actor';
import { actorOf } from '../../platform/web/access/actors.service';

/** Whoever is signed in, also without any permission and without being a partner. @throws Refusal UNAUTHENTICATED */
export const SignedIn = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const actor = actorOf(context.switchToHttp().getRequest<Request>());
  if (!actor) throw new Refusal('UNAUTHENTICATED');
  return actor;
});
