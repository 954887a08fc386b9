import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { BeforeApplicationShutdown, Inject, Injectable, OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** How long requests under way may take once nothing new is accepted; then their connections are cut. */
const PATIENCE_MS = 20_000;
export const SHUTDOWN_DELAY = Symbol('seconds between not being ready and accepting nothing');

/**
 * Stops without losing a request. From the signal on the program says that it is not ready and every answer ends its
 * connection; load balancers have the configured delay to see that; then nothing new is accepted, and what is under way
 * is answered.
 */
@Injectable()
export class Draining implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly underWay = new Set<ServerResponse>();
  private stopping = false;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(SHUTDOWN_DELAY) private readonly delaySeconds: number,
  ) {}

  /** Before Express sees it: an answer that has begun can no longer say that it is the last. */
  onApplicationBootstrap(): void {
    this.server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
      if (this.stopping) response.setHeader('connection', 'close');
      this.underWay.add(response);
      response.once('close', () => this.underWay.delete(response));
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const response of this.underWay) if (!response.headersSent) response.setHeader('connection', 'close');
    await sleep(this.delaySeconds * 1_000);
    setTimeout(() => this.server.closeAllConnections(), PATIENCE_MS).unref();
  }

  private get server(): Server {
    return this.adapterHost.httpAdapter.getHttpServer() as Server;
  }
}
