import type { Request, Response } from 'express';
import type { PartnerProgramOptions } from '../../options';

/** A browser names HTML in what it accepts; everybody else gets JSON. */
export function wantsPage(request: Request): boolean {
  return (request.headers.accept ?? '').toLowerCase().includes('text/html');
}

/** htmx asks for a piece of a page; a boosted link or a history restore asks for all of it. */
export function isFragment(request: Request): boolean {
  const { headers } = request;
  return (
    headers['hx-request'] === 'true' &&
    headers['hx-boosted'] !== 'true' &&
    headers['hx-history-restore-request'] !== 'true'
  );
}

/** Whether a body came from an HTML form, whose fields are all text. */
export function isForm(request: Request): boolean {
  return Boolean(request.is(['urlencoded', 'multipart']));
}

/** Express reads the query anew at every look; a changed one has to be put in front of that. */
export function setQuery(request: Request, query: Readonly<Record<string, unknown>>): void {
  Object.defineProperty(request, 'query', { value: query, configurable: true, writable: true });
}

/** Nest lets an interceptor change what is answered, but not the status: the filter sends this one on. */
export class SeeOther extends Error {
  constructor(readonly location: string) {
    super(`See ${location}`);
  }
}

const CONTENT_SECURITY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ');

/**
 * The headers of every answer of ours; a handler may replace them. In a frame of the host's own the content
 * policy is the host's as well: ours would forbid what its frame needs.
 */
export function setHeaders(response: Response, { layout }: PartnerProgramOptions): void {
  response.vary('Accept, HX-Request, Accept-Language');
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
  if (!layout) response.setHeader('content-security-policy', CONTENT_SECURITY);
}
