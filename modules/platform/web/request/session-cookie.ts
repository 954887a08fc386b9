import type { Request, Response } from 'express';
import { DAY_MS } from '../../../kernel/day';
import type { PartnerProgramOptions } from '../../../options';

/** `session` says who is logged in here; `device` that somebody has logged in from here before. */
export type CookieKind = 'session' | 'device';

/** A session that nobody uses ends after so long, and every session does in the end. */
export const SESSION_IDLE_HOURS = 12;
export const SESSION_DAYS = 14;
const DEVICE_DAYS = 400;

const SECRET = /^[\w-]{43}$/;

/**
 * The secret in one of the program's own cookies; undefined for anything that is none. Over https their names begin
 * with `__Host-`, so that no neighbouring subdomain can plant one. @see F66
 */
export function readCookie(request: Request, kind: CookieKind, options: PartnerProgramOptions): string | undefined {
  const name = `${nameOf(kind, options)}=`;
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const secret = pairs.find((pair) => pair.startsWith(name))?.slice(name.length);
  return secret !== undefined && SECRET.test(secret) ? secret : undefined;
}

export function setCookie(response: Response, kind: CookieKind, secret: string, options: PartnerProgramOptions): void {
  const maxAge = (kind === 'session' ? SESSION_DAYS : DEVICE_DAYS) * DAY_MS;
  response.cookie(nameOf(kind, options), secret, { ...attributes(options), maxAge });
}

export function clearCookie(response: Response, kind: CookieKind, options: PartnerProgramOptions): void {
  response.clearCookie(nameOf(kind, options), attributes(options));
}

function attributes(options: PartnerProgramOptions) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure(options) } as const;
}

function nameOf(kind: CookieKind, options: PartnerProgramOptions): string {
  return `${isSecure(options) ? '__Host-' : ''}pp_${kind}`;
}

function isSecure({ publicUrl }: PartnerProgramOptions): boolean {
  return publicUrl.startsWith('https:');
}
