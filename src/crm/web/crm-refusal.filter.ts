import { ArgumentsHost, Catch, ExceptionFilter, HttpException, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { isTransient, Refusal } from '../../../modules';
import { CrmRefusal, REFUSALS, refusalOfStatement, type RefusalCode } from './crm-refusal';
import { PagesService, wantsPage } from './pages.service';

/** When it may be worth asking again. */
const RETRY_AFTER_SECONDS: Partial<Record<RefusalCode, number>> = { TOO_MANY_ATTEMPTS: 900, UNAVAILABLE: 5 };

/** Every error as problem+json (RFC 9457), or as a page where a browser asks. Nothing of the inside gets out. */
@Catch()
@Injectable()
export class CrmRefusalFilter implements ExceptionFilter {
  private readonly logger = new Logger(CrmRefusalFilter.name);

  constructor(private readonly pages: PagesService) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const refusal = refusalOf(error);
    // The stack names the statement's place, but not its parameters: those are people's data.
    if (REFUSALS[refusal.code] >= 500) this.logger.error(error instanceof Error ? error.stack : error);
    if (response.headersSent) return void response.end();
    response.status(REFUSALS[refusal.code]);
    const retryAfter = RETRY_AFTER_SECONDS[refusal.code];
    if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
    if (!wantsPage(request)) return this.problem(refusal, request, response);
    if (refusal.code === 'UNAUTHENTICATED') {
      return response.redirect(303, `/login?next=${encodeURIComponent(request.originalUrl)}`);
    }
    const view = ['WRONG_CREDENTIALS', 'TOO_MANY_ATTEMPTS'].includes(refusal.code) ? 'login' : 'refusal';
    const message = this.pages.text(this.pages.localeOf(request), `refusal.${refusal.code}`);
    response.type('html').send(await this.pages.render(view, { message, errors: refusal.errors }, request));
  }

  private problem({ code, errors }: CrmRefusal, request: Request, response: Response): void {
    const status = REFUSALS[code];
    const detail = this.pages.text(this.pages.localeOf(request), `refusal.${code}`);
    response
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', title: detail, status, code, detail, errors }));
  }
}

function refusalOf(error: unknown): CrmRefusal {
  if (error instanceof CrmRefusal) return error;
  if (error instanceof Refusal && isKnown(error.code)) return new CrmRefusal(error.code);
  return new CrmRefusal(refusalOfStatement(error) ?? codeOf(error));
}

/** What the partner program refuses when it is told of a contract is the CRM's answer too. */
function isKnown(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}

/** Codes of what the framework and the body parsers refuse. */
function codeOf(error: unknown): RefusalCode {
  // Half a character in an address or in a path, which the checks of addresses and the router cannot read.
  if (error instanceof URIError) return 'MALFORMED_REQUEST';
  const status = error instanceof HttpException ? error.getStatus() : (error as { status?: unknown } | null)?.status;
  if (status === 404) return 'NOT_FOUND';
  if (status === 413) return 'TOO_LARGE';
  if (typeof status === 'number' && status >= 400 && status < 500) return 'MALFORMED_REQUEST';
  return isTransient(error) ? 'UNAVAILABLE' : 'INTERNAL';
}
