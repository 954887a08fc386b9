import { IsOptional } from 'class-validator';
import { IsMoment } from '../../../platform/web/request/field-rules';

export class SimulateDto {
  @IsMoment() from: Date;
  /** Without itself. */
  @IsMoment() to: Date;
}

export class SimulationPageDto {
  @IsOptional() @IsMoment() from?: Date;
  @IsOptional() @IsMoment() to?: Date;
}
