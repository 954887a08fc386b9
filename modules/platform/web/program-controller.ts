import {
  applyDecorators,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import type { Request } from 'express';
import type { Permission } from '../../host';
import { Refusal } from '../../kernel/refusal';
import { AccessGuard, Audience } from './access/access.guard';
import type { Actor, ActorPartner } from './access/actor';
import { actorOf, type Origin, originOf } from './access/actors.service';
import { SameOriginGuard } from './access/same-origin.guard';
import type { FieldKinds } from './forms/form-fields';
import { FieldsOf, formFieldsInterceptor } from './forms/form-fields.interceptor';
import { FormOwnerGuard } from './forms/form-owner.guard';
import { FormPageGuard } from './pages/form-pages.service';
import { PageOptions } from './pages/page-options';
import { PageInterceptor } from './pages/page.interceptor';
import { ProblemFilter } from './pages/problem.filter';
import { BASE } from './request/base';
import { TimingGuard } from './request/timing.guard';
import { programValidation } from './request/validation';

/**
 * A controller of the program below `/partner-program`; a path that begins with a slash stands as it is.
 * Guards, filter, pipe and interceptor are ours, on our routes only: the host keeps its own. A route without
 * {@link Requires} or {@link Open} is for active partners about themselves.
 */
export function ProgramController(path = '') {
  return applyDecorators(
    Controller(path.startsWith('/') ? path : `${BASE}/${path}`),
    UseGuards(TimingGuard, FormPageGuard, SameOriginGuard, AccessGuard, FormOwnerGuard),
    UseFilters(ProblemFilter),
    UsePipes(programValidation()),
    UseInterceptors(PageInterceptor),
  );
}

/**
 * For holders of any one of these permissions; `self` adds active partners about themselves, `takingPart` those of them
 * who may still bring others in.
 */
export const Requires = (
  ...audience: [Permission | 'self' | 'takingPart', ...(Permission | 'self' | 'takingPart')[]]
): MethodDecorator & ClassDecorator => Audience(audience);

/** For anyone, logged in or not. What a person may do here, and whether one is logged in at all, the handler decides. */
export const Open = (): MethodDecorator & ClassDecorator => Audience('anyone');

/**
 * The page `templates/pages/<name>.hbs` shows a browser the answer. After a form the browser goes to
 * `redirect`, whose `:names` are filled from the route, then from the answer; else back to where it came from. One
 * that was refused is shown again by the handler `form`.
 */
export const Page = (name: string, options: Omit<PageOptions, 'name'> = {}): MethodDecorator =>
  PageOptions({ name, ...options });

/**
 * What the fields of this route's HTML form stand for; bodies in JSON are never converted. With a file it
 * stands above the file interceptor, which reads the form first.
 */
export const FormFields = (kinds: FieldKinds): MethodDecorator =>
  applyDecorators(FieldsOf(kinds), UseInterceptors(formFieldsInterceptor(kinds)));

/** Who sends the request; null only on routes that are {@link Open}. */
export const Me = createParamDecorator((_: unknown, context: ExecutionContext): Actor | null =>
  actorOf(context.switchToHttp().getRequest<Request>()),
);

/** Where the request comes from, whoever sends it. */
export const From = createParamDecorator((_: unknown, context: ExecutionContext): Origin =>
  originOf(context.switchToHttp().getRequest<Request>()),
);

/** The partner who sends the request. @throws Refusal NOT_A_PARTNER, where a route also lets others in */
export const MyPartner = createParamDecorator((_: unknown, context: ExecutionContext): ActorPartner => {
  const partner = actorOf(context.switchToHttp().getRequest<Request>())?.partner;
  if (!partner) throw new Refusal('NOT_A_PARTNER');
  return partner;
});
