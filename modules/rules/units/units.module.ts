import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProgramModule } from '../../platform/program/program.module';
import { UnitRow } from '../../platform/program/unit.entity';
import { WebModule } from '../../platform/web/web.module';
import { UnitsController } from './units.controller';
import { UnitsService } from './units.service';

@Module({
  imports: [TypeOrmModule.forFeature([UnitRow]), ProgramModule, WebModule],
  providers: [UnitsService],
  controllers: [UnitsController],
})
export class UnitsModule {}
