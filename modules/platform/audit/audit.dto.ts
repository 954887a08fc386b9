import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { IsMoment } from '../web/request/field-rules';
import { AUDIT_ACTIONS } from './audit-actions';

/** Everything arrives as text in a query string, hence the conversions. */
export class AuditFilterDto {
  /** `user:<id>` or `partner:<id>`. */
  @IsOptional() @IsString() @MaxLength(200) actor?: string;
  @IsOptional() @IsIn(AUDIT_ACTIONS) action?: string;
  @IsOptional() @IsString() @MaxLength(40) objectType?: string;
  @IsOptional() @IsString() @MaxLength(200) objectId?: string;
  /** Whatever concerns this partner. */
  @IsOptional() @IsUUID() partnerId?: string;
  @IsOptional() @IsMoment() from?: Date;
  /** Not included. */
  @IsOptional() @IsMoment() to?: Date;
}

export class AuditQueryDto extends AuditFilterDto {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(2_000) cursor?: string;
}
