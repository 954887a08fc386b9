import type { NextFunction, Request, Response } from 'express';

const OVERRIDES = new Set(['PUT', 'PATCH', 'DELETE']);

/** HTML forms can only POST: one that means another method says so in its address, as `?_method=PUT`. */
export function overrideMethod(request: Request, _: Response, next: NextFunction): void {
  const method = String(request.query['_method'] ?? '').toUpperCase();
  if (request.method === 'POST' && OVERRIDES.has(method)) request.method = method;
  next();
}
