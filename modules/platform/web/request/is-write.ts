import type { Request } from 'express';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request may change something, as far as its method tells. */
export function isWrite(request: Request): boolean {
  return !SAFE_METHODS.has(request.method);
}
