import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobsModule } from '../jobs/jobs.module';
import { NotificationsModule } from '../notifications/notifications.module';
import { WebModule } from '../web/web.module';
import { ClientFlagsController } from './client-flags/client-flags.controller';
import { ClientFlagsService } from './client-flags/client-flags.service';
import { DeparturesService } from './departures/departures.service';
import { PartnerPath } from './tree/partner-path.entity';
import { PartnerRank } from './standings/partner-rank.entity';
import { Partner } from './partner.entity';
import { PartnerMapService } from './map/partner-map.service';
import { PartnersController } from './partners.controller';
import { PartnerTreeService } from './tree/partner-tree.service';
import { PartnersService } from './partners.service';
import { PlacementsService } from './tree/placements.service';
import { StandingsService } from './standings/standings.service';
import { Placement } from './tree/placement.entity';
import { Suspension } from './standings/suspension.entity';

@Module({
  imports: [
    TypeOrmModule.forFeature([Partner, Placement, PartnerPath, Suspension, PartnerRank]),
    JobsModule,
    NotificationsModule,
    WebModule,
  ],
  providers: [
    ClientFlagsService,
    DeparturesService,
    PartnersService,
    PartnerMapService,
    PartnerTreeService,
    PlacementsService,
    StandingsService,
  ],
  controllers: [ClientFlagsController, PartnersController],
  exports: [ClientFlagsService, DeparturesService, PartnersService, PlacementsService],
})
export class PartnersModule {}
