import { Module } from '@nestjs/common';
import { CommissionsModule } from '../../money/commissions/commissions.module';
import { RedemptionsModule } from '../../money/redemptions/redemptions.module';
import { WalletsModule } from '../../money/wallets/wallets.module';
import { PartnersModule } from '../../people/partners/partners.module';
import { WebModule } from '../../platform/web/web.module';
import { InvitationsModule } from '../invitations/invitations.module';
import { DashboardController } from './dashboard.controller';
import { DashboardService } from './dashboard.service';

@Module({
  imports: [CommissionsModule, InvitationsModule, PartnersModule, RedemptionsModule, WalletsModule, WebModule],
  providers: [DashboardService],
  controllers: [DashboardController],
})
export class DashboardModule {}
