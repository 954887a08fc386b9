import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebModule } from '../web/web.module';
import { Plan } from './plan.entity';
import { PlanLevelEntity } from './plan-level.entity';
import { PlanRankEntity } from './plan-rank.entity';
import { PlansController } from './plans.controller';
import { PlansService } from './plans.service';
import { PlanVersion } from './plan-version.entity';

@Module({
  imports: [TypeOrmModule.forFeature([Plan, PlanVersion, PlanLevelEntity, PlanRankEntity]), WebModule],
  providers: [PlansService],
  controllers: [PlansController],
  exports: [PlansService],
})
export class PlansModule {}
