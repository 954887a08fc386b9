import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { IsMoment, IsUnitCode, Trimmed } from '../../../platform/web/request/field-rules';
import { COMMISSION_STATES } from './commission-list.queries';
import type { CommissionSort, CommissionState } from './commission-list.queries';

/** Everything arrives as text in a query string, hence the conversions. */
export class CommissionsQueryDto {
  /** Whose commissions; without it the own ones. */
  @IsOptional() @IsUUID() partnerId?: string;
  @IsOptional() @IsIn(COMMISSION_STATES) state?: CommissionState;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(10_000) level?: number;
  @IsOptional() @IsUnitCode() currency?: string;
  @IsOptional() @IsString() @MaxLength(100) status?: string;
  @IsOptional() @IsMoment() from?: Date;
  @IsOptional() @IsMoment() to?: Date;
  @IsOptional() @Trimmed() @IsString() @MaxLength(100) search?: string;
  @IsOptional() @IsIn(['amount', 'date']) sort?: CommissionSort;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(2_000) cursor?: string;
}
