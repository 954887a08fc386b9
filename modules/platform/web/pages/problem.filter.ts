import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Problems } from './problems.service';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly problems: Problems) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.problems
      .answer(error, http.getRequest<Request>(), http.getResponse<Response>())
      .catch(http.getNext<NextFunction>());
  }
}
