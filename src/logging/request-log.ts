import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { actorOf, requestIdOf } from '../../modules';
import { userOf } from '../crm/web/access.guard';

/** Asked all day long by machines. */
const WATCHED = /\/(health\/\w+|metrics)$/;

/**
 * Says of every request what was asked, by whom and how it ended. The route is its pattern: addresses carry tokens,
 * query strings carry what people search for, and neither is for a log.
 */
export function requestLog(request: Request, response: Response, next: NextFunction): void {
  const logger = new Logger('Request');
  const start = performance.now();
  response.once('close', () => {
    const { path: route = 'unmatched' } = (request.route ?? {}) as { path?: string };
    const user = userOf(request);
    logger[WATCHED.test(route) ? 'debug' : 'log']({
      requestId: requestIdOf(request),
      method: request.method,
      route,
      status: response.statusCode,
      durationMs: Math.round(performance.now() - start),
      actor: actorOf(request)?.ref ?? (user && `user:${user.id}`),
      aborted: response.writableFinished ? undefined : true,
    });
  });
  next();
}
