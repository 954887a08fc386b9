import { Inject, Logger, Module } from '@nestjs/common';
import type { DynamicModule, FactoryProvider, ModuleMetadata, OnModuleInit, Type } from '@nestjs/common';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DashboardModule } from './doors/dashboard/dashboard.module';
import { InvitationsModule } from './doors/invitations/invitations.module';
import { MembershipModule } from './doors/membership/membership.module';
import { OverviewModule } from './doors/overview/overview.module';
import { ProfileModule } from './doors/profile/profile.module';
import { SearchModule } from './doors/search/search.module';
import { Host } from './host';
import { hearLostConnections } from './kernel/connections';
import { LedgerModule } from './ledger/ledger.module';
import { CommissionsModule } from './money/commissions/commissions.module';
import { PayoutAccountsModule } from './money/payout-accounts/payout-accounts.module';
import { RedemptionsModule } from './money/redemptions/redemptions.module';
import { StatementsModule } from './money/statements/statements.module';
import { WalletsModule } from './money/wallets/wallets.module';
import { PROGRAM_OPTIONS } from './options';
import type { PartnerProgramOptions } from './options';
import { PartnerProgram } from './partner-program';
import { AccountsModule } from './people/accounts/accounts.module';
import { Partner } from './people/partners/partner.entity';
import { ClientLinksModule } from './people/client-links/client-links.module';
import { PartnersModule } from './people/partners/partners.module';
import { ApiKeysModule } from './platform/api-keys/api-keys.module';
import { AuditModule } from './platform/audit/audit.module';
import { JobsModule } from './platform/jobs/jobs.module';
import { NotificationsModule } from './platform/notifications/notifications.module';
import { InstallationTooOld, migrationState } from './platform/operations/migrations.queries';
import { OperationsModule } from './platform/operations/operations.module';
import { MinimumWithdrawal } from './platform/program/minimum-withdrawal.entity';
import { ProgramModule } from './platform/program/program.module';
import { Program } from './platform/program/program.service';
import { Settings } from './platform/program/settings.entity';
import { UnitRow } from './platform/program/unit.entity';
import { Timeline } from './platform/timeline/timeline.entity';
import { WebhooksModule } from './platform/webhooks/webhooks.module';
import { DocumentsModule } from './rules/documents/documents.module';
import { PlansModule } from './rules/plans/plans.module';
import { SettingsModule } from './rules/settings/settings.module';
import { UnitsModule } from './rules/units/units.module';

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
    TypeOrmModule.forFeature([MinimumWithdrawal, Settings, Timeline, UnitRow]),
    ProgramModule,
    JobsModule,
    AuditModule,
    LedgerModule,
    PartnersModule,
    DocumentsModule,
    NotificationsModule,
    AccountsModule,
    ClientLinksModule,
    PlansModule,
    SettingsModule,
    UnitsModule,
    CommissionsModule,
    PayoutAccountsModule,
    WalletsModule,
    StatementsModule,
    RedemptionsModule,
    MembershipModule,
    InvitationsModule,
    DashboardModule,
    OverviewModule,
    SearchModule,
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
    private readonly program: Program,
  ) {}

  /** Refuses to start in a house that is not ready, naming what is missing; a database that is ahead is no reason. */
  async onModuleInit(): Promise<void> {
    hearLostConnections(this.db);
    if (!isTimeZone(this.options.timeZone)) {
      throw new Error(`The partner program's option timeZone names no time zone: "${this.options.timeZone}".`);
    }
    if (!this.db.hasMetadata(Partner)) {
      throw new Error('The partner program needs `autoLoadEntities: true` in the TypeORM options of its host.');
    }
    const { pending, unknown, older } = await migrationState(this.db.manager);
    if (older.length > 0) throw new InstallationTooOld();
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
    await this.program.begin(this.options);
  }
}

function isTimeZone(timeZone: string | undefined): boolean {
  try {
    return !/^[+-]/.test(timeZone ?? '') && Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}
