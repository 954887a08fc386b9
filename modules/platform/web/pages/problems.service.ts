import { STATUS_CODES } from 'node:http';
import { HttpStatus, Inject, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Locale } from '../../../kernel/locale';
import { redacted } from '../../../kernel/redacted';
import type { FieldError, Refusal } from '../../../kernel/refusal';
import { type PartnerProgramOptions, PROGRAM_OPTIONS } from '../../../options';
import { Metrics } from '../../metrics/metrics.service';
import { actorOf, Actors } from '../access/actors.service';
import { BASE } from '../request/base';
import { isWrite } from '../request/is-write';
import { isFragment, SeeOther, setHeaders, wantsPage, withoutSecret } from '../request/replies';
import { requestIdOf } from '../request/request-id';
import { readCookie } from '../request/session-cookie';
import type { Violation } from '../request/validation';
import { FormPages } from './form-pages.service';
import { Messages } from './messages.service';
import { type Problem, verdictOn } from './problem';
import { Renderer } from './renderer.service';

const RETRY_AFTER_SECONDS = 5;
/** Any of these opens the overview. */
const ADMINISTRATORS = ['manageBalances', 'configure', 'viewAllPartners'] as const;

/** Answers whatever went wrong on our routes: a problem document, a readable page, or the way to the right page. */
@Injectable()
export class Problems {
  private readonly logger = new Logger('PartnerProgram');

  constructor(
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly actors: Actors,
    private readonly messages: Messages,
    private readonly renderer: Renderer,
    private readonly formPages: FormPages,
    private readonly metrics: Metrics,
  ) {}

  async answer(error: unknown, request: Request, response: Response): Promise<void> {
    if (response.headersSent) {
      this.logger.error('The answer broke off halfway.', (error as Error | undefined)?.stack);
      response.destroy();
      return;
    }
    if (error instanceof SeeOther) return response.redirect(HttpStatus.SEE_OTHER, error.location);
    const problem = this.problemOf(error, request);
    this.metrics.refusals.inc({ code: problem.code });
    const elsewhere = wantsPage(request) ? this.betterPlace(problem.code, request) : undefined;
    setHeaders(response, this.options);
    if (elsewhere) return this.send(elsewhere, request, response);
    const retryAfterSeconds = problem.code === 'UNAVAILABLE' ? RETRY_AFTER_SECONDS : problem['retryAfterSeconds'];
    if (typeof retryAfterSeconds === 'number') response.setHeader('retry-after', retryAfterSeconds);
    const again = problem.code === 'OTHER_PERSON' ? undefined : await this.formPages.show(problem, request, response);
    response.status(problem.status);
    if (again !== undefined) {
      response.type('html').send(again);
      return;
    }
    if (!wantsPage(request)) {
      response.type('application/problem+json').send(JSON.stringify(problem));
      return;
    }
    const data = { ...problem, back: request.get('referer') ?? null };
    response
      .type('html')
      .send(
        isFragment(request)
          ? this.renderer.fragment('error', data, request)
          : await this.renderer.page('error', data, request),
      );
  }

  private problemOf(error: unknown, request: Request): Problem {
    const locale = this.actors.localeOf(request);
    const verdict = verdictOn(error);
    if (verdict.kind === 'refusal') return this.refused(locale, verdict.refusal);
    const reference = requestIdOf(request);
    const [status, code] = verdict.kind === 'unavailable' ? [503, 'UNAVAILABLE'] : [500, 'INTERNAL'];
    this.logger.error(
      `${code} ${reference}: ${request.method} ${withoutSecret(request.path)}`,
      redacted(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    return this.document(locale, status, code, { reference });
  }

  private refused(locale: Locale, { code, status, params }: Refusal): Problem {
    const { field, permission } = params as { field?: string; permission?: string };
    const { errors = field === undefined ? undefined : [{ field, code: 'INVALID', params: {} }] } = params as {
      errors?: readonly (FieldError | Violation)[];
    };
    return this.document(locale, status, code, {
      ...params,
      ...(code === 'FORBIDDEN' && {
        permissionLabel: this.messages.text(locale, `permission.${permission ?? 'unknown'}`),
      }),
      ...(errors && { errors: errors.map((error) => this.fieldError(locale, error)) }),
    });
  }

  private document(locale: Locale, status: number, code: string, params: Readonly<Record<string, unknown>>): Problem {
    return {
      ...params,
      type: `urn:partner-program:${code}`,
      title: this.messages.has(locale, `problem.${status}`)
        ? this.messages.text(locale, `problem.${status}`)
        : (STATUS_CODES[status] ?? code),
      status,
      code,
      detail: this.messages.text(locale, `refusal.${code}`, params),
    };
  }

  private fieldError(locale: Locale, error: FieldError | Violation): FieldError {
    if ('message' in error) return error;
    const key = `invalid.${errorKindOf(error)}`;
    const known = this.messages.has(locale, key) ? key : 'invalid.OTHER';
    return { field: error.field, code: error.code, message: this.messages.text(locale, known, error.params) };
  }

  /** Where a person is sent instead of being told no: to log in, to the overview, or to the door of the program. */
  private betterPlace(code: string, request: Request): string | undefined {
    if (code === 'UNAUTHENTICATED') {
      const loginPath = this.loginPathFor(request);
      const next = isWrite(request) ? BASE : request.originalUrl;
      return `${loginPath}${loginPath.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`;
    }
    const actor = actorOf(request);
    if (!actor || isWrite(request)) return undefined;
    const isRefused = code === 'NOT_A_PARTNER' || code === 'FORBIDDEN';
    if (
      isRefused &&
      request.path.replace(/\/$/, '') === BASE &&
      ADMINISTRATORS.some((permission) => actor.permissions.has(permission))
    ) {
      return `${BASE}/overview`;
    }
    return code === 'NOT_A_PARTNER' && actor.permissions.has('participate') ? `${BASE}/membership` : undefined;
  }

  /** A browser that has logged in here before, without a CRM account, is not sent to the CRM's login. */
  private loginPathFor(request: Request): string {
    const { loginPath } = this.options;
    const own = loginPath === undefined || readCookie(request, 'device', this.options) !== undefined;
    return own ? `${BASE}/login` : loginPath;
  }

  /** htmx would put the login page into the middle of ours; it is told to open it as a page instead. */
  private send(location: string, request: Request, response: Response): void {
    if (!isFragment(request)) return response.redirect(HttpStatus.SEE_OTHER, location);
    response.setHeader('hx-redirect', location);
    response.status(HttpStatus.NO_CONTENT).send();
  }
}

/** What people type as money or percent is no whole number to them. */
function errorKindOf({ code, field }: Violation): string {
  if (code === 'IS_INT' && field.endsWith('Minor')) return 'AMOUNT';
  if (code === 'IS_INT' && field.endsWith('Bps')) return 'PERCENT';
  return code;
}
