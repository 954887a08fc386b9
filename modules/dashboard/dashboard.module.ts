import { Module } from '@nestjs/common';
import { InvitationsModule } from '../invitations/invitations.module';
import { PartnersModule } from '../partners/partners.module';
import { PlansModule } from '../plans/plans.module';
import { TermsModule } from '../terms/terms.module';
import { WalletsModule } from '../wallets/wallets.module';
import { WebModule } from '../web/web.module';
import { DashboardController } from './dashboard.controller';

@Module({
  imports: [InvitationsModule, PartnersModule, PlansModule, TermsModule, WalletsModule, WebModule],
  controllers: [DashboardController],
})
export class DashboardModule {}
