import { Inject, Logger, Module } from '@nestjs/common';
import type { DynamicModule, FactoryProvider, ModuleMetadata, OnModuleInit, Type } from '@nestjs/common';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AccountsModule } from './accounts/accounts.module';
import { ApiKeysModule } from './api-keys/api-keys.module';
import { AuditModule } from './audit/audit.module';
import { CommissionsModule } from './commissions/commissions.module';
import { DashboardModule } from './dashboard/dashboard.module';
import { Host } from './host';
import { InvitationsModule } from './invitations/invitations.module';
import { JobsModule } from './jobs/jobs.module';
import { MembershipModule } from './membership/membership.module';
import { NotificationsModule } from './notifications/notifications.module';
import { migrationState } from './operations/migrations.queries';
import { OperationsModule } from './operations/operations.module';
import { PROGRAM_OPTIONS } from './options';
import type { PartnerProgramOptions } from './options';
import { PartnerProgram } from './partner-program';
import { Partner } from './partners/partner.entity';
import { PartnersModule } from './partners/partners.module';
import { PlansModule } from './plans/plans.module';
import { ProfileModule } from './profile/profile.module';
import { SettingsModule } from './settings/settings.module';
import { TermsModule } from './terms/terms.module';
import { Timeline } from './timeline/timeline.entity';
import { WalletsModule } from './wallets/wallets.module';
import { WebhooksModule } from './webhooks/webhooks.module';

/** How a host plugs the program in. */
export interface PartnerProgramModuleAsyncOptions {
  /** The modules that provide `host` and what `useFactory` injects. */
  readonly imports?: ModuleMetadata['imports'];
  /** The host's implementation of {@link Host}: a provider that one of `imports` exports. */
  readonly host: Type<Host>;
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...args: never[]) => PartnerProgramOptions | Promise<PartnerProgramOptions>;
}

/** Who the host is and how the program is set up: the two things every feature may ask for. */
@Module({})
class HostModule {}

@Module({
  imports: [
    TypeOrmModule.forFeature([Timeline]),
    JobsModule,
    AuditModule,
    PartnersModule,
    TermsModule,
    NotificationsModule,
    AccountsModule,
    PlansModule,
    SettingsModule,
    CommissionsModule,
    WalletsModule,
    MembershipModule,
    InvitationsModule,
    DashboardModule,
    ProfileModule,
    OperationsModule,
    ApiKeysModule,
    WebhooksModule,
  ],
  providers: [PartnerProgram],
  exports: [PartnerProgram],
})
export class PartnerProgramModule implements OnModuleInit {
  /**
   * The program as a module of the host. Its entities are registered with the host's default connection
   * (`autoLoadEntities`); its tables live in a schema of their own.
   */
  static forRootAsync({
    imports = [],
    host,
    inject = [],
    useFactory,
  }: PartnerProgramModuleAsyncOptions): DynamicModule {
    return {
      module: PartnerProgramModule,
      global: true,
      imports: [
        {
          module: HostModule,
          global: true,
          imports,
          providers: [
            { provide: Host, useExisting: host },
            { provide: PROGRAM_OPTIONS, inject, useFactory },
          ],
          exports: [Host, PROGRAM_OPTIONS],
        },
      ],
    };
  }

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
  ) {}

  /** Refuses to start in a house that is not ready, naming what is missing; a database that is ahead is no reason. */
  async onModuleInit(): Promise<void> {
    if (!isTimeZone(this.options.timeZone)) {
      throw new Error(`The partner program's option timeZone names no time zone: "${this.options.timeZone}".`);
    }
    if (!this.db.hasMetadata(Partner)) {
      throw new Error('The partner program needs `autoLoadEntities: true` in the TypeORM options of its host.');
    }
    const { pending, unknown } = await migrationState(this.db.manager);
    if (pending.length > 0) {
      throw new Error(
        `The partner program has pending migrations (${pending.join(', ')}): run migratePartnerProgram first.`,
      );
    }
    // While processes are replaced one by one, the old ones run on the new schema, and may have to start on it. @see F18
    if (unknown.length > 0) {
      new Logger(PartnerProgramModule.name).warn(
        `The database is of a newer version of the partner program (${unknown.join(', ')}).`,
      );
    }
  }
}

function isTimeZone(timeZone: string | undefined): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}
