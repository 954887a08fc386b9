import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobsModule } from '../jobs/jobs.module';
import { LedgerModule } from '../ledger/ledger.module';
import { PartnersModule } from '../partners/partners.module';
import { PlansModule } from '../plans/plans.module';
import { SettingsModule } from '../settings/settings.module';
import { WebModule } from '../web/web.module';
import { AccrualsService } from './accruals/accruals.service';
import { CalculationEntity } from './accruals/calculation.entity';
import { CommissionLineEntity } from './accruals/commission-line.entity';
import { CommissionsController } from './commissions.controller';
import { ContractEvent } from './accruals/contract-event.entity';
import { ExplanationsController } from './explanations/explanations.controller';
import { ExplanationsService } from './explanations/explanations.service';
import { Holding } from './accruals/holding.entity';
import { MovesController } from './moves/moves.controller';
import { MovesService } from './moves/moves.service';
import { PreviewTables } from './preview-tables.service';
import { PreviewsService } from './previews.service';
import { Reconciliation } from './reconciliation/reconciliation.entity';
import { ReconciliationService } from './reconciliation/reconciliation.service';
import { RederivationController } from './rederivation/rederivation.controller';
import { RederivationService } from './rederivation/rederivation.service';
import { RulebookService } from './calculation/rulebook.service';
import { SimulationController } from './simulation/simulation.controller';
import { SimulationService } from './simulation/simulation.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([ContractEvent, CalculationEntity, CommissionLineEntity, Holding, Reconciliation]),
    JobsModule,
    LedgerModule,
    PartnersModule,
    PlansModule,
    SettingsModule,
    WebModule,
  ],
  providers: [
    AccrualsService,
    ExplanationsService,
    MovesService,
    PreviewTables,
    PreviewsService,
    ReconciliationService,
    RederivationService,
    RulebookService,
    SimulationService,
  ],
  controllers: [
    CommissionsController,
    ExplanationsController,
    MovesController,
    RederivationController,
    SimulationController,
  ],
})
export class CommissionsModule {}
