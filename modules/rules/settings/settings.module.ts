import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProgramModule } from '../../platform/program/program.module';
import { WebModule } from '../../platform/web/web.module';
import { ForecastWeight } from './forecast-weight.entity';
import { SettingsController } from './settings.controller';
import { SettingsService } from './settings.service';
import { StatusActionRange } from './status-action.entity';

@Module({
  imports: [TypeOrmModule.forFeature([ForecastWeight, StatusActionRange]), ProgramModule, WebModule],
  providers: [SettingsService],
  controllers: [SettingsController],
  exports: [SettingsService],
})
export class SettingsModule {}
