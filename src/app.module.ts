import { DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PartnerProgramModule, type PageFrame } from '../modules';
import type { Config } from './config';
import { CrmHost } from './crm/crm-host';
import { CrmModule } from './crm/crm.module';
import { PagesService } from './crm/web/pages.service';
import { Draining, SHUTDOWN_DELAY } from './draining.service';

/**
 * The whole integration: a database connection, the CRM, and the partner program plugged into it.
 *
 * `host` names the class that answers the program's questions about users, clients and contracts; the CRM in
 * turn tells the program about every change of a contract (see `crm/contracts.service.ts`).
 */
@Module({})
export class AppModule {
  static forRoot(config: Config & { databaseUrl: string }): DynamicModule {
    const crm = CrmModule.forRoot(config);
    return {
      module: AppModule,
      providers: [Draining, { provide: SHUTDOWN_DELAY, useValue: config.shutdownDelaySeconds }],
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: config.databaseUrl,
          autoLoadEntities: true,
          synchronize: false,
          poolSize: config.pool.size,
          extra: { connectionTimeoutMillis: config.pool.waitMs },
          retryAttempts: 0,
        }),
        crm,
        PartnerProgramModule.forRootAsync({
          imports: [crm],
          host: CrmHost,
          inject: [PagesService],
          useFactory: (pages: PagesService) => ({
            currency: 'PLN',
            publicUrl: config.publicUrl,
            loginPath: '/login',
            layout: (page: PageFrame) => pages.frame(page),
            payer: { name: 'Przykładowa Firma sp. z o.o.', iban: 'PL61109010140000071219812874' },
            redisUrl: config.redisUrl,
            worker: config.worker,
            webhooks: { allowPrivateNetworks: config.privateWebhooks },
            metrics: config.metricsToken === undefined ? undefined : { token: config.metricsToken, process: true },
          }),
        }),
      ],
    };
  }
}
