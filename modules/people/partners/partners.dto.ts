import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsMoment, TidyName, Trimmed } from '../../platform/web/request/field-rules';

/** Everything arrives as text in a query string, hence the conversions. */
export class PartnersQueryDto {
  @IsOptional() @IsString() @MaxLength(100) search?: string;
  @IsOptional() @IsIn(['active', 'awaitingApproval', 'suspended', 'left']) status?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(10_000) level?: number;
  @IsOptional()
  @Transform(({ value }) => value === true || value === 'true' || value === 'on')
  @IsBoolean()
  direct?: boolean;
  @IsOptional() @IsIn(['joinedAt', 'name']) sort?: 'joinedAt' | 'name';
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(2_000) cursor?: string;
}

export class PartnerTreeQueryDto {
  /** Whose rows are unfolded, separated by commas; `<id>~100` shows a hundred of those below instead of the first few. */
  @IsOptional()
  @Transform(({ value }) => String(value).split(','))
  @ArrayMaxSize(200)
  @Matches(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}(~\d{1,4})?$/i, { each: true })
  open?: string[];
  /** Unfolds everything above this partner as well. */
  @IsOptional() @IsUUID() focus?: string;
  /** Where the tree begins, instead of at the top. */
  @IsOptional() @IsUUID() from?: string;
  /** Part of a name or an address: whom one could look at. */
  @IsOptional() @IsString() @MaxLength(100) search?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(2_000) cursor?: string;
}

export class PartnerMapQueryDto {
  /** Whom the map begins with. */
  @IsOptional() @IsUUID() from?: string;
}

export class SuspendDto {
  @Trimmed() @IsString() @Length(3, 500) reason: string;
}

export class RankDto {
  @TidyName() @IsString() @IsNotEmpty() @MaxLength(60) rank: string;
  @IsOptional() @IsMoment() effectiveFrom?: Date;
}
