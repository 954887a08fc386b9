import type { NextFunction, Request, Response } from 'express';

const OVERRIDES = new Set(['PUT', 'PATCH', 'DELETE']);

/** HTML forms can only POST: one that means another method says so in its address, as `?_method=PUT`. */
export function overrideMethod(request: Request, _: Response, next: NextFunction): void {
  const { _method: method } = request.query;
  if (request.method === 'POST' && typeof method === 'string' && OVERRIDES.has(method)) request.method = method;
  next();
}
