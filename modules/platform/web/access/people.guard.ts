import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Refusal } from '../../../kernel/refusal';
import { bearerKey } from './bearer-key';

/**
 * Keeps machines out of what only a person may do: a key that could make keys would outlive being revoked. It stands
 * above the decorator of the controller, so that access is looked at first.
 */
@Injectable()
export class PeopleGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (bearerKey(context.switchToHttp().getRequest<Request>()) !== undefined) throw new Refusal('PEOPLE_ONLY');
    return true;
  }
}
