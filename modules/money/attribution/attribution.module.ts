import { Module } from '@nestjs/common';
import { ProgramModule } from '../../platform/program/program.module';
import { AttributionService } from './attribution.service';

@Module({
  imports: [ProgramModule],
  providers: [AttributionService],
  exports: [AttributionService],
})
export class AttributionModule {}
