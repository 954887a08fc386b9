import { Type } from 'class-transformer';
import { IsDate, IsOptional } from 'class-validator';

export class SimulateDto {
  @Type(() => Date) @IsDate() from: Date;
  /** Without itself. */
  @Type(() => Date) @IsDate() to: Date;
}

export class SimulationPageDto {
  @IsOptional() @Type(() => Date) @IsDate() from?: Date;
  @IsOptional() @Type(() => Date) @IsDate() to?: Date;
}
