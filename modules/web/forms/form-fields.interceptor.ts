import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  mixin,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { DEFAULT_TIME_ZONE } from '../../kernel/day';
import { type PartnerProgramOptions, PROGRAM_OPTIONS } from '../../options';
import { isWrite } from '../is-write';
import { Actors } from '../actors.service';
import { isForm, setQuery } from '../pages/replies';
import { markForm } from './form-bodies';
import { type FieldKinds, readFilters, readForm } from './form-fields';
import { keepTyped } from './refused-form';

/** Turns the text of an HTML form into what a JSON client would have sent, before it is validated. */
export function formFieldsInterceptor(kinds: FieldKinds): Type<NestInterceptor> {
  @Injectable()
  class FormFieldsInterceptor implements NestInterceptor {
    constructor(
      private readonly actors: Actors,
      @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    ) {}

    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      const request = context.switchToHttp().getRequest<Request>();
      const { currency, timeZone = DEFAULT_TIME_ZONE } = this.options;
      const habits = { locale: this.actors.localeOf(request), currency, timeZone, now: new Date() };
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
