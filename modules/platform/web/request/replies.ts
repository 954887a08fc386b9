import type { Request, Response } from 'express';
import type { PartnerProgramOptions } from '../../../options';
import { requestIdOf } from './request-id';

/** In the address that a form leads to: what it has done. It is said once, so nothing keeps or passes it on. */
export const DONE = 'done';

/** In the address of a form that was refused: the page it stands on, since the browser then stands elsewhere. */
export const FROM = '_from';

/** A browser would rather see HTML than JSON, and htmx names itself; everybody else gets JSON. */
export function wantsPage(request: Request): boolean {
  return request.headers['hx-request'] === 'true' || request.accepts(['json', 'html']) === 'html';
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

/** Whether there is a body in a format that nobody here reads: it would count as none. */
export function hasForeignBody(request: Request): boolean {
  const isForeign = request.is(['json', 'urlencoded', 'multipart']) === false;
  return isForeign && request.get('content-length') !== '0';
}

/** Express reads the query anew at every look; a changed one has to be put in front of that. */
export function setQuery(request: Request, query: Readonly<Record<string, unknown>>): void {
  Object.defineProperty(request, 'query', { value: query, configurable: true, writable: true });
}

/**
 * The page a form was sent from, as far as it is of this house: a page that was shown again says so itself,
 * else the browser does. Only its path is used, never its host.
 */
export function pageBefore(request: Request): string | undefined {
  const { [FROM]: from } = request.query;
  const address = typeof from === 'string' ? from : localAddress(request);
  return address && `/${address.replace(/^[/\\]+/, '')}`;
}

function localAddress(request: Request): string | undefined {
  const referer = request.get('referer');
  const from = referer !== undefined && URL.canParse(referer) ? new URL(referer) : undefined;
  const isOurs = from && (from.origin === ownOrigin(request) || from.host === request.get('host'));
  from?.searchParams.delete(DONE);
  return isOurs ? `${from.pathname}${from.search}` : undefined;
}

/** The origin a request was sent to. */
export function ownOrigin(request: Request): string {
  return `${request.protocol}://${request.get('host')}`;
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

/** A part of an address that lets in whoever knows it: the secret of a mailed link. */
const SECRET_IN_ADDRESS = /\/[\w-]{43}(?=[/?]|$)/g;

/** An address as it may stand in a log. @see F60 */
export function withoutSecret(address: string): string {
  return address.replace(SECRET_IN_ADDRESS, '/…');
}

/**
 * The headers of every answer of ours; a handler may replace them. In a frame of the host's own the content
 * policy is the host's as well: ours would forbid what its frame needs.
 */
export function setHeaders(response: Response, { layout, publicUrl }: PartnerProgramOptions): void {
  response.vary('Accept, HX-Request, Accept-Language');
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('x-request-id', requestIdOf(response.req));
  if (!layout) response.setHeader('content-security-policy', CONTENT_SECURITY);
  const { originalUrl } = response.req;
  if (withoutSecret(originalUrl) !== originalUrl) keepSecret(response, publicUrl);
}

/**
 * No browser tells the address of this page to anybody, nor does a search engine. Without a referrer a form has no
 * origin either; browsers then tell by `Sec-Fetch-Site` that it is ours, but not over plain http from another machine.
 */
function keepSecret(response: Response, publicUrl: string): void {
  const { protocol, hostname } = new URL(publicUrl);
  const trusted = protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  response.setHeader('referrer-policy', trusted ? 'no-referrer' : 'strict-origin');
  response.setHeader('x-robots-tag', 'noindex');
}
