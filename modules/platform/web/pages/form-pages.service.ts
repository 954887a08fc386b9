import { type CanActivate, type ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import { ExternalContextCreator, ModuleRef, Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { Refusal } from '../../../kernel/refusal';
import { Program } from '../../program/program.service';
import { admit, Audience } from '../access/access.guard';
import { actorOf, Actors } from '../access/actors.service';
import { type FieldKinds, readFilters } from '../forms/form-fields';
import { FieldsOf, habitsOf } from '../forms/form-fields.interceptor';
import { refuseForm } from '../forms/refused-form';
import { isWrite } from '../request/is-write';
import { isForm, isFragment, pageBefore, setQuery, wantsPage } from '../request/replies';
import { type FormPage, PageOptions } from './page-options';
import type { Problem } from './problem';
import { Renderer } from './renderer.service';

type Handlers = Readonly<Record<string, (...args: unknown[]) => unknown>>;
/** Nest keeps under these names where a controller and a handler are found, and what a handler takes. */
const PATH = 'path';
const ARGUMENTS = '__routeArguments__';

/**
 * Shows the page that a refused form stands on once more, with the problem and what was typed: the handler of that page
 * is called with the same request.
 */
@Injectable()
export class FormPages {
  private readonly reflector = new Reflector();
  private readonly pages = new WeakMap<Request, readonly FormPage[]>();

  constructor(
    private readonly modules: ModuleRef,
    private readonly contexts: ExternalContextCreator,
    private readonly actors: Actors,
    private readonly program: Program,
    private readonly renderer: Renderer,
  ) {}

  /** Notes before anything can be refused which page the form of this request stands on. */
  note(context: ExecutionContext): void {
    const { form } = (this.reflector.get(PageOptions, context.getHandler()) as PageOptions | undefined) ?? {};
    if (form === undefined) return;
    const controller = context.getClass<object>();
    const pages = typeof form === 'function' ? [form()] : [form].flat().map((method) => ({ controller, method }));
    this.pages.set(context.switchToHttp().getRequest<Request>(), pages);
  }

  /** @returns the page as HTML; undefined when there is no form to show, or its page would be refused as well */
  async show(problem: Problem, request: Request, response: Response): Promise<string | undefined> {
    const pages = this.pages.get(request);
    if (!pages || !isWrite(request) || !isForm(request) || isFragment(request) || !wantsPage(request)) return undefined;
    const { page, path, query } = standsOn(pages, request);
    const controller = this.modules.get<Handlers>(page.controller, { strict: false });
    const handler = controller[page.method]!;
    const { name } = this.reflector.get(PageOptions, handler);
    refuseForm(request, query.size > 0 ? `${path}?${query.toString()}` : path, problem);
    request.method = 'GET';
    request.body = undefined;
    const fields = (this.reflector.get(FieldsOf, handler) as FieldKinds | undefined) ?? {};
    setQuery(request, readFilters(Object.fromEntries(query), fields, habitsOf(request, this.actors, this.program)));
    try {
      const audience = this.reflector.getAllAndOverride(Audience, [handler, page.controller]) ?? ['self'];
      if (audience !== 'anyone') admit(actorOf(request), audience, false);
      const data: unknown = await this.handlerOf(controller, page.method)(request, response, () => undefined);
      return await this.renderer.page(name, data, request);
    } catch (error) {
      if (error instanceof Refusal || error instanceof HttpException) return undefined; // no better answer than the first
      throw error;
    }
  }

  /** With its parameters read from the request as by its own route; guards and interceptors are the form's. */
  private handlerOf(controller: Handlers, method: string) {
    const parameters = { exchangeKeyForValue: argumentOf };
    const options = { guards: false, interceptors: false, filters: false };
    const [own, handler] = [undefined, controller[method]!];
    return this.contexts.create(controller, handler, method, ARGUMENTS, parameters, own, own, options, 'http');
  }
}

/** The first guard of all routes: it lets everybody pass. */
@Injectable()
export class FormPageGuard implements CanActivate {
  constructor(private readonly pages: FormPages) {}

  canActivate(context: ExecutionContext): boolean {
    this.pages.note(context);
    return true;
  }
}

/** Which of the pages it was, with its address and its filters: of the browser's page, or else those it was sent with. */
function standsOn(pages: readonly FormPage[], request: Request) {
  const before = new URL(pageBefore(request) ?? '', 'http://localhost');
  const known = pages.map((page) => ({ page, path: pathOf(page, request, before.pathname) }));
  const { page, path } = known.find((one) => one.path === before.pathname) ?? known[0]!;
  const query = (before.pathname === path ? before : new URL(request.originalUrl, 'http://localhost')).searchParams;
  for (const name of [...query.keys()]) if (name.startsWith('_')) query.delete(name); // of the form's own address only
  return { page, path, query };
}

/** The address of a page; of several the one that the browser stood on, or that the form was sent to. */
function pathOf({ controller, method }: FormPage, request: Request, before: string): string {
  const handler = (controller.prototype as Handlers)[method]!;
  const [base] = [Reflect.getMetadata(PATH, controller) as string | string[]].flat();
  const paths = [Reflect.getMetadata(PATH, handler) as string | string[]].flat().map((path) =>
    `/${[base, path]
      .map((part) => part!.replace(/^\/+|\/+$/g, ''))
      .filter((part) => part !== '')
      .join('/')}`.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(request.params[name] ?? ''))),
  );
  return paths.find((path) => path === before || path === request.path) ?? paths[0]!;
}

/** What Nest gives a handler for its parameters, by the numbers of its decorators. */
function argumentOf(type: number, name: unknown, [request, response, next]: [Request, Response, () => void]): unknown {
  const of = (values: unknown) =>
    typeof name === 'string' ? (values as Record<string, unknown> | undefined)?.[name] : values;
  const sources: Readonly<Record<number, () => unknown>> = {
    0: () => request,
    1: () => response,
    2: () => next,
    3: () => of(request.body),
    4: () => of(request.query),
    5: () => of(request.params),
    6: () => (typeof name === 'string' ? request.headers[name.toLowerCase()] : request.headers),
    11: () => request.ip,
  };
  return sources[type]?.();
}
