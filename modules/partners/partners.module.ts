import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebModule } from '../web/web.module';
import { PartnerPath } from './partner-path.entity';
import { PartnerRank } from './partner-rank.entity';
import { Partner } from './partner.entity';
import { PartnersService } from './partners.service';
import { Placement } from './placement.entity';
import { Suspension } from './suspension.entity';

@Module({
  imports: [TypeOrmModule.forFeature([Partner, Placement, PartnerPath, Suspension, PartnerRank]), WebModule],
  providers: [PartnersService],
  exports: [PartnersService],
})
export class PartnersModule {}
