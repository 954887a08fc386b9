import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  mixin,
  type NestInterceptor,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { catchError, mergeMap, type Observable } from 'rxjs';

/** What is left of a quota that belongs to whoever asks, and to nobody else. */
export interface RateLimit {
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  /** Until all of it is there again. */
  readonly resetSeconds: number;
}

/**
 * Tells with every answer of this route, a refusal too, what is left (`RateLimit-Policy` and `RateLimit`). It must be a
 * limit of the asker alone: what is left of one that others use up would say what they do.
 *
 * @param service what the limit is kept by, as Nest provides it
 * @see F62, F63
 */
export function RateLimited<Service>(
  service: Type<Service>,
  limitOf: (service: Service, request: Request) => Promise<RateLimit>,
): MethodDecorator {
  class RateLimitInterceptor implements NestInterceptor {
    constructor(@Inject(service) private readonly keeper: Service) {}

    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      const http = context.switchToHttp();
      const tell = async () => {
        const response = http.getResponse<Response>();
        const limit = await limitOf(this.keeper, http.getRequest<Request>());
        response.setHeader('ratelimit-policy', `"${limit.name}";q=${limit.quota};w=${limit.windowSeconds}`);
        response.setHeader('ratelimit', `"${limit.name}";r=${limit.remaining};t=${limit.resetSeconds}`);
      };
      return next.handle().pipe(
        mergeMap(async (answer: unknown) => {
          await tell();
          return answer;
        }),
        catchError(async (error: unknown) => {
          await tell();
          throw error;
        }),
      );
    }
  }
  return UseInterceptors(mixin(RateLimitInterceptor));
}
