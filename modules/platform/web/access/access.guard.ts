import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Permission } from '../../../host';
import { Refusal } from '../../../kernel/refusal';
import { isWrite } from '../request/is-write';
import type { Actor } from './actor';
import { Actors } from './actors.service';

/** `self` is an active partner about himself; any one of the list suffices. */
export type Audience = 'anyone' | readonly (Permission | 'self')[];
export const Audience = Reflector.createDecorator<Audience>();

/** Lets nobody in by default: a route without a word about its audience is for active partners about themselves. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(private readonly actors: Actors) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const actor = await this.actors.identify(request);
    const audience = this.reflector.getAllAndOverride(Audience, [context.getHandler(), context.getClass()]) ?? ['self'];
    if (audience !== 'anyone') admit(actor, audience, isWrite(request));
    return true;
  }
}

/**
 * Admits a person to a route for some, or says why not. A suspended partner may look but change nothing of
 * his own; a partner whose address is not confirmed may change nothing at all.
 *
 * @throws Refusal UNAUTHENTICATED, FORBIDDEN, NOT_A_PARTNER, AWAITING_APPROVAL, EMAIL_UNCONFIRMED, PARTNER_SUSPENDED
 * @see P1, P2, P10
 */
export function admit(actor: Actor | null, audience: readonly (Permission | 'self')[], writing: boolean): void {
  if (!actor) throw new Refusal('UNAUTHENTICATED');
  const grants = audience.filter((who) => (who === 'self' ? isTakingPart(actor) : actor.permissions.has(who)));
  if (grants.length === 0) throw denial(actor, audience);
  if (!writing || !actor.partner || actor.partner.status === 'left') return;
  if (!actor.partner.emailConfirmed) throw new Refusal('EMAIL_UNCONFIRMED');
  if (actor.partner.status === 'suspended' && grants.every((who) => who === 'self')) {
    throw new Refusal('PARTNER_SUSPENDED');
  }
}

/** A partner of the CRM's own staff takes part only as long as the host lets him. */
export function isTakingPart(actor: Actor): boolean {
  const inProgram = actor.partner?.status === 'active' || actor.partner?.status === 'suspended';
  return inProgram && mayParticipate(actor);
}

function mayParticipate(actor: Actor): boolean {
  return actor.userId === null || actor.permissions.has('participate');
}

function denial(actor: Actor, audience: readonly (Permission | 'self')[]): Refusal {
  if (audience.includes('self') && mayParticipate(actor)) {
    return new Refusal(actor.partner?.status === 'awaitingApproval' ? 'AWAITING_APPROVAL' : 'NOT_A_PARTNER');
  }
  const [missing] = audience.filter((who) => who !== 'self');
  return new Refusal('FORBIDDEN', { permission: missing ?? 'participate' });
}
