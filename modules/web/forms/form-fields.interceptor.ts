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
import { type PartnerProgramOptions, PROGRAM_OPTIONS } from '../../options';
import { Actors } from '../actors.service';
import { type FieldKind, readForm } from './form-fields';
import { isForm } from '../pages/replies';

/** Turns the text of an HTML form into what a JSON client would have sent, before it is validated. */
export function formFieldsInterceptor(fields: Readonly<Record<string, FieldKind>>): Type<NestInterceptor> {
  @Injectable()
  class FormFieldsInterceptor implements NestInterceptor {
    constructor(
      private readonly actors: Actors,
      @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    ) {}

    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      const request = context.switchToHttp().getRequest<Request>();
      if (isForm(request)) {
        request.body = readForm(request.body, fields, this.actors.localeOf(request), this.options.currency);
      }
      return next.handle();
    }
  }
  return mixin(FormFieldsInterceptor);
}
