import { Module } from '@nestjs/common';
import { PartnersModule } from '../../people/partners/partners.module';
import { WebModule } from '../../platform/web/web.module';
import { WalletsModule } from '../wallets/wallets.module';
import { StatementsController } from './statements.controller';
import { StatementsService } from './statements.service';

@Module({
  imports: [PartnersModule, WalletsModule, WebModule],
  providers: [StatementsService],
  controllers: [StatementsController],
  exports: [StatementsService],
})
export class StatementsModule {}
