import { type CallHandler, type ExecutionContext, mixin, type NestInterceptor, UseInterceptors } from '@nestjs/common';
import type { Request, Response } from 'express';
import { defer, finalize, type Observable } from 'rxjs';
import { Refusal } from '../../../kernel/refusal';
import { actorOf } from './actors.service';

const RETRY_AFTER_SECONDS = 5;

/**
 * Lets everybody have one request of this kind under way in a process: a document, a table or an upload that takes much
 * more memory or time than a page does. It ends when it is done and its answer has left, also when nobody waits for it
 * any more, so that asking and going away buys nothing. The lowest of a handler's interceptors is the first to run: this
 * one stands below what reads the body.
 *
 * @see F23 F87
 */
export function OneAtATime(): MethodDecorator {
  class OneAtATimeInterceptor implements NestInterceptor {
    private readonly underWay = new Set<string>();

    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      const http = context.switchToHttp();
      const ref = actorOf(http.getRequest<Request>())?.ref;
      if (ref === undefined) return next.handle(); // refused by what comes next
      if (this.underWay.has(ref)) throw new Refusal('STILL_UNDER_WAY', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      this.underWay.add(ref);
      let left = 2;
      const end = () => void (--left === 0 && this.underWay.delete(ref));
      http.getResponse<Response>().once('close', end);
      return defer(() => next.handle()).pipe(finalize(end));
    }
  }
  return UseInterceptors(mixin(OneAtATimeInterceptor));
}
