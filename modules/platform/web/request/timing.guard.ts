import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Metrics } from '../../metrics/metrics.service';

/** Lets everybody pass and measures the time to the answer: the first guard sees what the later ones refuse, too. */
@Injectable()
export class TimingGuard implements CanActivate {
  constructor(private readonly metrics: Metrics) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const { method, route } = http.getRequest<Request>() as { method: string; route: { path: string } };
    const response = http.getResponse<Response>();
    const end = this.metrics.requests.startTimer({ method, route: route.path });
    response.once('finish', () => end({ status: response.statusCode }));
    return true;
  }
}
