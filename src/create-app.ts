import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { AppModule } from './app.module';
import type { Config } from './config';
import { SessionsService } from './crm/sessions.service';
import { CrmRefusalFilter } from './crm/web/crm-refusal.filter';
import { bodyOfForm } from './crm/web/forms';
import { JsonLogger } from './logging/json-logger';
import { requestLog } from './logging/request-log';

const LOGGERS = {
  debug: ['debug', 'log', 'warn', 'error', 'fatal'],
  info: ['log', 'warn', 'error', 'fatal'],
  warn: ['warn', 'error', 'fatal'],
  error: ['error', 'fatal'],
} as const;

/** The application, ready to listen. */
export async function createApp(config: Config & { databaseUrl: string }): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    bodyParser: false,
    abortOnError: false,
    logger: config.logFormat === 'json' ? new JsonLogger(config.logLevel) : [...LOGGERS[config.logLevel]],
  });
  app.disable('x-powered-by');
  app.use(requestLog);
  app.use(headers(config.production));
  app.useBodyParser('json', { limit: '200kb' });
  app.useBodyParser('urlencoded', { extended: true, limit: '200kb' });
  app.use('/crm', readForm);
  app.use(app.get(SessionsService).middleware());
  app.useGlobalFilters(app.get(CrmRefusalFilter));
  Object.assign(app.getHttpServer(), PATIENCE);
  return app;
}

/**
 * How long a client may take, in milliseconds: for its headers, for a whole request (the terms may have 10 MB), and
 * without a sign of life, also while it is answered. Node by itself waits for ever for one that reads nothing. Between two
 * requests a connection is kept longer than balancers keep theirs: who closes first must be who knows what is on its way.
 */
const PATIENCE = {
  headersTimeout: 15_000,
  requestTimeout: 120_000,
  timeout: 60_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
};

/** Headers of every answer; the policy allows what the program's pages load besides the CRM's, all of it from here. */
function headers(production: boolean) {
  return helmet({
    contentSecurityPolicy: {
      directives: { 'style-src': ["'self'"], 'font-src': ["'self'"], 'upgrade-insecure-requests': null },
    },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: production,
  });
}

/** Browsers' forms know neither JSON nor PATCH: what they mean is put in place before the routes see it. */
function readForm(request: Request, _response: Response, next: NextFunction): void {
  if (request.is('urlencoded')) {
    const { _method: method, ...fields } = (request.body ?? {}) as Record<string, unknown>;
    if (request.method === 'POST' && (method === 'PATCH' || method === 'DELETE')) request.method = method;
    request.body = bodyOfForm(fields);
  }
  next();
}
