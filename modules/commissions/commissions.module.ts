import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobsModule } from '../jobs/jobs.module';
import { LedgerModule } from '../ledger/ledger.module';
import { PartnersModule } from '../partners/partners.module';
import { PlansModule } from '../plans/plans.module';
import { SettingsModule } from '../settings/settings.module';
import { WebModule } from '../web/web.module';
import { AccrualsService } from './accruals.service';
import { CalculationEntity } from './calculation.entity';
import { CommissionLineEntity } from './commission-line.entity';
import { CommissionsController } from './commissions.controller';
import { ContractEvent } from './contract-event.entity';
import { Holding } from './holding.entity';
import { MovesController } from './moves.controller';
import { MovesService } from './moves.service';
import { PreviewsService } from './previews.service';
import { Reconciliation } from './reconciliation.entity';
import { ReconciliationService } from './reconciliation.service';
import { RederivationController } from './rederivation.controller';
import { RederivationService } from './rederivation.service';
import { RulebookService } from './rulebook.service';
import { SimulationController } from './simulation.controller';
import { SimulationService } from './simulation.service';

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
    MovesService,
    PreviewsService,
    ReconciliationService,
    RederivationService,
    RulebookService,
    SimulationService,
  ],
  controllers: [CommissionsController, MovesController, RederivationController, SimulationController],
})
export class CommissionsModule {}
