import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  mixin,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { currentTime } from '../../../kernel/clock';
import { Program } from '../../program/program.service';
import { Actors } from '../access/actors.service';
import { markForm } from '../request/form-bodies';
import { isWrite } from '../request/is-write';
import { isForm, setQuery } from '../request/replies';
import { type FieldKinds, type Habits, readFilters, readForm } from './form-fields';
import { keepTyped } from './refused-form';

/** What the fields of a route stand for. */
export const FieldsOf = Reflector.createDecorator<FieldKinds>();

/** Turns the text of an HTML form into what a JSON client would have sent, before it is validated. */
export function formFieldsInterceptor(kinds: FieldKinds): Type<NestInterceptor> {
  @Injectable()
  class FormFieldsInterceptor implements NestInterceptor {
    constructor(
      private readonly actors: Actors,
      private readonly program: Program,
    ) {}

    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      const request = context.switchToHttp().getRequest<Request>();
      const habits = habitsOf(request, this.actors, this.program);
      if (!isWrite(request)) setQuery(request, readFilters(request.query, kinds, habits));
      else if (isForm(request)) {
        keepTyped(request);
        request.body = readForm(request.body, kinds, habits);
        markForm(request.body);
      }
      return next.handle();
    }
  }
  return mixin(FormFieldsInterceptor);
}

/** How whoever sends a request writes numbers and days in this program. */
export function habitsOf(request: Request, actors: Actors, program: Program): Habits {
  const { currency, timeZone, units } = program.now;
  return { locale: actors.localeOf(request), currency, units, timeZone, now: currentTime() };
}
