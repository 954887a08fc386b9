import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IntegrityService } from '../../ledger/integrity/integrity.service';
import { LedgerModule } from '../../ledger/ledger.module';
import { JobsModule } from '../../platform/jobs/jobs.module';
import { NotificationsModule } from '../../platform/notifications/notifications.module';
import { PlansModule } from '../../rules/plans/plans.module';
import { WebModule } from '../../platform/web/web.module';
import { WebhooksModule } from '../../platform/webhooks/webhooks.module';
import { ClientFlagsController } from './client-flags/client-flags.controller';
import { ClientFlagsService } from './client-flags/client-flags.service';
import { DeparturesService } from './departures/departures.service';
import { PARTNER_CHECKS } from './integrity-checks';
import { PartnerMapService } from './map/partner-map.service';
import { Partner } from './partner.entity';
import { PartnersController } from './partners.controller';
import { PartnersService } from './partners.service';
import { PartnerRank } from './status/partner-rank.entity';
import { PartnerStatusService } from './status/partner-status.service';
import { Suspension } from './status/suspension.entity';
import { PartnerPath } from './tree/partner-path.entity';
import { PartnerTreeService } from './tree/partner-tree.service';
import { Placement } from './tree/placement.entity';
import { PlacementsService } from './tree/placements.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([Partner, Placement, PartnerPath, Suspension, PartnerRank]),
    JobsModule,
    LedgerModule,
    NotificationsModule,
    PlansModule,
    WebModule,
    WebhooksModule,
  ],
  providers: [
    ClientFlagsService,
    DeparturesService,
    PartnersService,
    PartnerMapService,
    PartnerTreeService,
    PlacementsService,
    PartnerStatusService,
  ],
  controllers: [ClientFlagsController, PartnersController],
  exports: [ClientFlagsService, DeparturesService, PartnersService, PlacementsService],
})
export class PartnersModule {
  constructor(integrity: IntegrityService) {
    integrity.register('partners', PARTNER_CHECKS);
  }
}
