import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import { Refusal } from '../../../kernel/refusal';
import { type PartnerProgramOptions, PROGRAM_OPTIONS } from '../../../options';
import { BASE } from '../request/base';
import { markForm } from '../request/form-bodies';
import { isWrite } from '../request/is-write';
import {
  hasForeignBody,
  isForm,
  isFragment,
  pageBefore,
  SeeOther,
  setHeaders,
  setQuery,
  wantsPage,
} from '../request/replies';
import { refuseUnfit } from '../request/validation';
import { PageOptions } from './page-options';
import { Renderer } from './renderer.service';

/** One handler answers everybody: a page to a browser, a fragment to htmx, JSON to all others. */
@Injectable()
export class PageInterceptor implements NestInterceptor {
  private readonly reflector = new Reflector();

  constructor(
    private readonly renderer: Renderer,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const page = this.reflector.get(PageOptions, context.getHandler()) as PageOptions | undefined;
    setHeaders(response, this.options);
    if (hasForeignBody(request)) throw new Refusal('UNSUPPORTED_MEDIA');
    refuseUnfit(request.body, { type: 'body' }); // Whoever reads it next may walk through all of it.
    if (isForm(request)) markForm(request.body);
    setQuery(request, withoutEmpty(request.query));
    if (!wantsPage(request)) return next.handle();
    return next.handle().pipe(mergeMap((data) => this.reply(data, page, request, response)));
  }

  private async reply(
    data: unknown,
    page: PageOptions | undefined,
    request: Request,
    response: Response,
  ): Promise<unknown> {
    if (data instanceof StreamableFile) return data;
    if (isWrite(request) && !request.is('json') && !page?.shownOnce) {
      throw new SeeOther(page?.redirect ? filledPath(page.redirect, request, data) : (pageBefore(request) ?? BASE));
    }
    if (!page || (isWrite(request) && !page.shownOnce)) return data;
    response.type('html');
    return isFragment(request)
      ? this.renderer.fragment(page.name, data, request)
      : this.renderer.page(page.name, data, request);
  }
}

/** A browser sends every field of a filter form, also those left alone. */
function withoutEmpty(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}

function filledPath(redirect: string, request: Request, data: unknown): string {
  const values = { ...(request.body as object | undefined), ...(data as object | null), ...request.params } as Readonly<
    Record<string, string | number | null | undefined>
  >;
  const filled = redirect.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name] ?? '')));
  const { pathname, searchParams } = new URL(filled, 'http://localhost');
  for (const [name, value] of [...searchParams]) if (value === '') searchParams.delete(name);
  return searchParams.size > 0 ? `${pathname}?${searchParams.toString()}` : pathname;
}
