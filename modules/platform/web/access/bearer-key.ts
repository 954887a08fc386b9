import type { Request } from 'express';

/** Tells our keys from whatever else a host takes as a bearer token. */
export const KEY_PREFIX = 'pp_';

/** The API key a request carries; undefined where it carries none, or a token that is the host's affair. */
export function bearerKey(request: Request): string | undefined {
  const [, token] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  return token?.startsWith(KEY_PREFIX) ? token : undefined;
}
