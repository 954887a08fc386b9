import { CanActivate, ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { User } from '../crm.entities';
import { CrmRefusal } from './crm-refusal';

/** Who is needed: by default anybody who is signed in. */
type Access = 'anyone' | 'user' | 'admin';
const ACCESS = 'crm:access';

/** A route that asks nobody to sign in. */
export const Open = () => SetMetadata(ACCESS, 'anyone' satisfies Access);
/** A route for holders of `crm.admin`. */
export const AdminOnly = () => SetMetadata(ACCESS, 'admin' satisfies Access);

/** The signed-in user, as the session's middleware read it a moment ago: a withdrawn permission is gone at once. */
export function userOf(request: Request): User | undefined {
  return request.user as User | undefined;
}

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (isWrite(request) && isForeign(request)) throw new CrmRefusal('FOREIGN_ORIGIN');
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'anyone') return true;
    const user = userOf(request);
    if (!user) throw new CrmRefusal('UNAUTHENTICATED');
    if (access === 'admin' && !user.permissions.includes('crm.admin')) throw new CrmRefusal('FORBIDDEN');
    return true;
  }
}

function isWrite(request: Request): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(request.method);
}

/**
 * Whether another site made a browser send this. Only browsers send these headers and none lets a page forge
 * them, so a client that sends neither is no browser and carries nobody's cookie by accident.
 */
function isForeign(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = request.get('origin');
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== request.get('host');
}
