import { CallHandler, ExecutionContext, Injectable, NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import { PagesService, wantsPage, type Choice } from './pages.service';

interface ViewMetadata {
  readonly name: string;
  readonly choices: readonly Choice[];
}
type Target = string | ((request: Request) => string);

const PAGE_HEADERS = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', vary: 'Accept' };
const VIEW = 'crm:view';
const THEN = 'crm:then';

/** The template that shows a route's answer to a browser; `choices` are the lists its forms offer. */
export const View = (name: string, { choices = [] }: { choices?: readonly Choice[] } = {}) =>
  SetMetadata(VIEW, { name, choices } satisfies ViewMetadata);

/** Where a browser goes after a form was taken: a path, with the route's `:parameters` in it. */
export const Then = (target: Target) => SetMetadata(THEN, target);

/** Answers a browser with a page and everybody else with JSON, from one handler and one view model. */
@Injectable()
export class PageInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly pages: PagesService,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    if (!wantsPage(request)) return next.handle();
    const then = this.reflector.get<Target | undefined>(THEN, context.getHandler());
    const view = this.reflector.get<ViewMetadata | undefined>(VIEW, context.getHandler());
    return next.handle().pipe(
      mergeMap(async (model: unknown) => {
        if (then) return new Response(null, { status: 303, headers: { location: pathTo(then, request) } });
        if (!view) return model;
        const html = await this.pages.render(view.name, model as object, request, view.choices);
        return new Response(html, { headers: PAGE_HEADERS });
      }),
    );
  }
}

function pathTo(target: Target, request: Request): string {
  if (typeof target === 'function') return target(request);
  return target.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(request.params[name])));
}
