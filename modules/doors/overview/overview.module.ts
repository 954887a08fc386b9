import { Module } from '@nestjs/common';
import { CommissionsModule } from '../../money/commissions/commissions.module';
import { WebModule } from '../../platform/web/web.module';
import { OverviewController } from './overview.controller';
import { OverviewService } from './overview.service';

@Module({
  imports: [CommissionsModule, WebModule],
  providers: [OverviewService],
  controllers: [OverviewController],
})
export class OverviewModule {}
