import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { FULL_BPS, MAX_AMOUNT_MINOR } from '../../kernel/money';
import { IsMoment, IsUnitCode, TidyName, TidyNames, Trimmed } from '../../platform/web/request/field-rules';

export class PlanLevelDto {
  @IsInt() @Min(0) @Max(10_000) level: number;
  @IsOptional() @IsInt() @Min(0) rateBps?: number;
  @IsOptional() @IsInt() @Min(0) @Max(MAX_AMOUNT_MINOR) amountMinor?: number;
}

export class PlanRankDto {
  @TidyName() @IsString() @IsNotEmpty() @MaxLength(60) rank: string;
  @IsInt() @Min(0) rateBps: number;
}

export class PlanConditionsDto {
  /** Compared without regard to blanks at the ends and how letters are composed. */
  @IsOptional()
  @TidyNames()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  products?: string[];
  @IsOptional()
  @TidyNames()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  contractKinds?: string[];
  @IsOptional() @IsInt() @Min(0) @Max(MAX_AMOUNT_MINOR) minimumValueMinor?: number;
}

export class DraftPlanDto {
  @Trimmed() @IsString() @IsNotEmpty() @MaxLength(120) name: string;
  @IsUnitCode() currency: string;
  @IsIn(['levels', 'differential']) kind: 'levels' | 'differential';
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PlanLevelDto)
  levels?: PlanLevelDto[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PlanRankDto)
  ranks?: PlanRankDto[];
  @IsOptional() @IsIn(['none', 'skipInactive']) compression?: 'none' | 'skipInactive';
  @IsOptional() @IsInt() @Min(0) @Max(3_650) holdingDays?: number;
  @IsOptional() @IsInt() @Min(0) @Max(10_000) depth?: number;
  @IsOptional() @IsInt() @Min(1) @Max(FULL_BPS) capBps?: number;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => PlanConditionsDto) conditions?: PlanConditionsDto;
}

export class ActivatePlanDto {
  @IsOptional() @IsMoment() effectiveFrom?: Date;
  /** Until when, without a successor. */
  @IsOptional() @IsMoment() effectiveTo?: Date;
}

export class EndPlanDto {
  /** When it ends; now where not given. */
  @IsOptional() @IsMoment() on?: Date;
  @Trimmed() @IsOptional() @IsString() @MaxLength(500) reason?: string;
}
