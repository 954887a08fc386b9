import { DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ClientsController } from './clients.controller';
import { ClockController, MovableClock } from './clock.controller';
import { ContractsController } from './contracts.controller';
import { ContractsService } from './contracts.service';
import { CRM_CONFIG, type CrmConfig } from './crm-config';
import { CrmHost } from './crm-host';
import { Client, Contract, ContractStatus, User } from './crm.entities';
import { MailboxController } from './mailbox.controller';
import { MailboxService } from './mailbox.service';
import { SessionsController } from './sessions.controller';
import { SessionsService } from './sessions.service';
import { StatusesController } from './statuses.controller';
import { UsersController } from './users.controller';
import { UsersService } from './users.service';
import { CrmRefusalFilter } from './web/crm-refusal.filter';
import { PagesService } from './web/pages.service';

@Module({
  imports: [TypeOrmModule.forFeature([User, Client, ContractStatus, Contract])],
  controllers: [
    SessionsController,
    UsersController,
    ClientsController,
    ContractsController,
    StatusesController,
    MailboxController,
    ClockController,
  ],
  providers: [
    UsersService,
    ContractsService,
    SessionsService,
    MailboxService,
    MovableClock,
    PagesService,
    CrmRefusalFilter,
    CrmHost,
  ],
  exports: [CrmHost, PagesService],
})
export class CrmModule {
  static forRoot(config: CrmConfig): DynamicModule {
    return { module: CrmModule, providers: [{ provide: CRM_CONFIG, useValue: config }] };
  }
}
