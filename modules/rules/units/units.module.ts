import { Module } from '@nestjs/common';
import { ProgramModule } from '../../platform/program/program.module';
import { WebModule } from '../../platform/web/web.module';
import { UnitsController } from './units.controller';
import { UnitsService } from './units.service';

@Module({
  imports: [ProgramModule, WebModule],
  providers: [UnitsService],
  controllers: [UnitsController],
})
export class UnitsModule {}
