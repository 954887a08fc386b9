import { HttpException, HttpStatus } from '@nestjs/common';
import { type FieldError, Refusal, type RefusalCode } from '../../../kernel/refusal';
import { isTransient } from '../../../kernel/transient';

/** An RFC 9457 body: the code is for programs, title and detail are for people. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly [param: string]: unknown;
}

/** What an error means to the person who meets it. */
export type Verdict =
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  /** The database cannot answer now: it is away, full, or two requests were in each other's way. The same may succeed. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'bug' };

const CODES: Readonly<Record<number, RefusalCode>> = {
  [HttpStatus.UNAUTHORIZED]: 'UNAUTHENTICATED',
  [HttpStatus.FORBIDDEN]: 'FORBIDDEN',
  [HttpStatus.NOT_FOUND]: 'NOT_FOUND',
  [HttpStatus.PAYLOAD_TOO_LARGE]: 'TOO_LARGE',
  [HttpStatus.UNSUPPORTED_MEDIA_TYPE]: 'UNSUPPORTED_MEDIA',
};

export function verdictOn(error: unknown): Verdict {
  if (error instanceof Refusal) return { kind: 'refusal', refusal: error };
  const status = statusOf(error);
  if (status !== undefined && status >= 400 && status < 500) {
    return {
      kind: 'refusal',
      refusal: new Refusal(isUnknownId(error) ? 'NOT_FOUND' : (CODES[status] ?? 'MALFORMED_REQUEST')),
    };
  }
  if (status === HttpStatus.SERVICE_UNAVAILABLE || isTransient(error)) return { kind: 'unavailable' };
  return { kind: 'bug' };
}

/** The status of a Nest exception, or of an error of Express and its body parser that is meant for the client. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof URIError) return HttpStatus.BAD_REQUEST;
  const { status, expose } = (error ?? {}) as { status?: unknown; expose?: unknown };
  return typeof status === 'number' && expose === true ? status : undefined;
}

/** Something that is no UUID cannot be the id of anything: it answers as an id that nobody has. */
function isUnknownId(error: unknown): boolean {
  return error instanceof HttpException && /\buuid\b/i.test(error.message);
}
