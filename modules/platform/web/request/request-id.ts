import { randomUUID } from 'node:crypto';
import type { Request } from 'express';

/** What a proxy in front may call a request: nothing that could forge a line of a log. @see F86 */
const HARMLESS = /^[A-Za-z0-9_-]{8,64}$/;

const ids = new WeakMap<Request, string>();

/**
 * The one name of a request, in its answer (`X-Request-Id`), in logs, in the audit log and as the reference number
 * of a problem: the proxy's when it sends a harmless one of 8 to 64 characters, else a new UUID.
 */
export function requestIdOf(request: Request): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const sent = request.get('x-request-id') ?? '';
  const id = HARMLESS.test(sent) ? sent : randomUUID();
  ids.set(request, id);
  return id;
}
