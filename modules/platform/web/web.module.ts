import {
  HttpStatus,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  NotFoundException,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import { Refusal } from '../../kernel/refusal';
import { MetricsModule } from '../metrics/metrics.module';
import { ProgramModule } from '../program/program.module';
import { Actors } from './access/actors.service';
import { AssetsController } from './assets.controller';
import { DescriptionController } from './description.controller';
import { overrideMethod } from './forms/method-override';
import { Assets } from './pages/assets.service';
import { FormPages } from './pages/form-pages.service';
import { Messages } from './pages/messages.service';
import { Problems } from './pages/problems.service';
import { Renderer } from './pages/renderer.service';
import { allowedMethods } from './request/allowed-methods';

const OUR_URLS = /^\/partner-program(\/|\?|$)/;

/** What our controllers stand on: who asks, in which language, and how the answer looks. */
@Module({
  imports: [MetricsModule, ProgramModule],
  providers: [Actors, Assets, FormPages, Messages, Problems, Renderer],
  controllers: [AssetsController, DescriptionController],
  exports: [MetricsModule, ProgramModule, Actors, FormPages, Messages, Problems, Renderer],
})
export class WebModule implements NestModule, OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly problems: Problems,
  ) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(overrideMethod).forRoutes('partner-program/*path');
  }

  /**
   * A body that cannot be parsed, and an address or a method that no route has, never reach a controller and its filter.
   * Nest has registered all routes by now, so these two come last, and they look at our addresses only.
   */
  onModuleInit(): void {
    this.adapterHost.httpAdapter.use((request: Request, response: Response, next: NextFunction) => {
      if (!OUR_URLS.test(request.originalUrl)) return next();
      const allowed = allowedMethods(request, request.path);
      if (allowed === '') return next(new NotFoundException());
      response.setHeader('allow', allowed);
      if (request.method !== 'OPTIONS') return next(new Refusal('METHOD_NOT_ALLOWED'));
      response.sendStatus(HttpStatus.NO_CONTENT);
    });
    this.adapterHost.httpAdapter.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
      if (!OUR_URLS.test(request.originalUrl)) return next(error);
      this.problems.answer(error, request, response).catch(next);
    });
  }
}
