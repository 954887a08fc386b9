import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IntegrityService } from '../../ledger/integrity/integrity.service';
import { LedgerModule } from '../../ledger/ledger.module';
import { PartnersModule } from '../../people/partners/partners.module';
import { JobsModule } from '../../platform/jobs/jobs.module';
import { WebModule } from '../../platform/web/web.module';
import { WebhooksModule } from '../../platform/webhooks/webhooks.module';
import { PlansModule } from '../../rules/plans/plans.module';
import { SettingsModule } from '../../rules/settings/settings.module';
import { AttributionModule } from '../attribution/attribution.module';
import { AccrualsService } from './accruals/accruals.service';
import { CalculationEntity } from './accruals/calculation.entity';
import { CommissionLineEntity } from './accruals/commission-line.entity';
import { ContractEvent } from './accruals/contract-event.entity';
import { Maturing } from './accruals/maturing.entity';
import { RulebookService } from './calculation/rulebook.service';
import { CommissionsController } from './commissions.controller';
import { ExplanationsController } from './explanations/explanations.controller';
import { ExplanationsService } from './explanations/explanations.service';
import { ForecastsService } from './forecasts/forecasts.service';
import { COMMISSION_CHECKS } from './integrity-checks';
import { CommissionListController } from './list/commission-list.controller';
import { CommissionListService } from './list/commission-list.service';
import { CommissionTables } from './list/commission-tables.service';
import { MovesController } from './moves/moves.controller';
import { MovesService } from './moves/moves.service';
import { PreviewTables } from './preview-tables.service';
import { PreviewsService } from './previews.service';
import { Reconciliation } from './reconciliation/reconciliation.entity';
import { ReconciliationService } from './reconciliation/reconciliation.service';
import { RederivationController } from './rederivation/rederivation.controller';
import { RederivationService } from './rederivation/rederivation.service';
import { SimulationController } from './simulation/simulation.controller';
import { SimulationService } from './simulation/simulation.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([ContractEvent, CalculationEntity, CommissionLineEntity, Maturing, Reconciliation]),
    AttributionModule,
    JobsModule,
    LedgerModule,
    PartnersModule,
    PlansModule,
    SettingsModule,
    WebModule,
    WebhooksModule,
  ],
  providers: [
    AccrualsService,
    CommissionListService,
    CommissionTables,
    ExplanationsService,
    ForecastsService,
    MovesService,
    PreviewTables,
    PreviewsService,
    ReconciliationService,
    RederivationService,
    RulebookService,
    SimulationService,
  ],
  controllers: [
    CommissionListController,
    CommissionsController,
    ExplanationsController,
    MovesController,
    RederivationController,
    SimulationController,
  ],
  exports: [CommissionListService, ForecastsService, PreviewsService],
})
export class CommissionsModule {
  constructor(integrity: IntegrityService) {
    integrity.register('commissions', COMMISSION_CHECKS);
  }
}
