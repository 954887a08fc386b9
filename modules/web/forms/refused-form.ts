import type { Request, Response } from 'express';
import { allowedMethods } from '../allowed-methods';
import { isWrite } from '../is-write';
import { isForm, isFragment, pageBefore, setQuery } from '../pages/replies';
import type { Problem } from '../problem';

/** Pages of the program, its registration in three languages among them; only they show a problem. */
const OUR_PAGES = /^\/(partner-program|rejestracja|zaproszenie|cadastro|convite|register|invitation)(\/|\?|$)/;

/** A form that was refused, on its way back to the person who filled it in. */
export interface RefusedForm {
  /** The address it was sent to. */
  readonly action: string;
  /** The address of the page it stands on. */
  readonly page: string;
  /** What was in its fields, as text. */
  readonly typed: unknown;
  readonly problem: Problem;
}

const typed = new WeakMap<Request, unknown>();
const refused = new WeakMap<Request, RefusedForm>();

/** Keeps the text of a form before it is turned into what it stands for. */
export function keepTyped(request: Request): void {
  typed.set(request, request.body);
}

/** The refused form that the page for this request is to show again. */
export function refusedFormOf(request: Request): RefusedForm | undefined {
  return refused.get(request);
}

/**
 * Shows the page that a refused form stands on once more, with the problem and what was typed: the same request goes
 * through the application again, now asking for that page.
 *
 * @returns false when it is no form
 */
export function showAgain(problem: Problem, request: Request, response: Response): boolean {
  if (!isWrite(request) || !isForm(request) || isFragment(request)) return false;
  const { originalUrl: action } = request;
  const before = pageBefore(request);
  const page = before && OUR_PAGES.test(before) ? before : pageAbove(request);
  refused.set(request, { action, page, typed: typed.get(request) ?? request.body, problem });
  const query = Object.fromEntries(new URL(page, 'http://localhost').searchParams);
  Object.assign(request, { method: 'GET', url: page, originalUrl: page, baseUrl: '', body: undefined });
  setQuery(request, query);
  request.app(request, response);
  return true;
}

/**
 * Where a form stands whose browser does not tell: on the nearest page above the address it was sent to, as that of a
 * correction is the partner's. The login alone has an address of its own.
 */
function pageAbove(request: Request): string {
  const { pathname, search } = new URL(request.originalUrl, 'http://localhost');
  if (pathname === '/partner-program/sessions') return `/partner-program/login${search}`;
  let page = pathname;
  while (page !== '' && !allowedMethods(request, page).includes('GET')) page = page.slice(0, page.lastIndexOf('/'));
  return page === '' ? pathname : page;
}
