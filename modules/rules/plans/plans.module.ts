import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebModule } from '../../platform/web/web.module';
import { PlanLevelEntity } from './plan-level.entity';
import { PlanRankEntity } from './plan-rank.entity';
import { PlanVersion } from './plan-version.entity';
import { Plan } from './plan.entity';
import { PlansController } from './plans.controller';
import { PlansService } from './plans.service';

@Module({
  imports: [TypeOrmModule.forFeature([Plan, PlanVersion, PlanLevelEntity, PlanRankEntity]), WebModule],
  providers: [PlansService],
  controllers: [PlansController],
  exports: [PlansService],
})
export class PlansModule {}
