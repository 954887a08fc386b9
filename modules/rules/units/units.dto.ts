import { Type } from 'class-transformer';
import { IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { MAX_AMOUNT_MINOR } from '../../kernel/money';
import { MAX_UNIT_DIGITS } from '../../kernel/units';
import { IsUnitCode, MayBeAbsent, Trimmed } from '../../platform/web/request/field-rules';

/** What so many of a unit are called, by the forms of `Intl.PluralRules`; `other` stands for those that are not given. */
export class PluralFormsDto {
  @MayBeAbsent() @Trimmed() @IsString() @IsNotEmpty() @MaxLength(60) one?: string;
  @MayBeAbsent() @Trimmed() @IsString() @IsNotEmpty() @MaxLength(60) few?: string;
  @MayBeAbsent() @Trimmed() @IsString() @IsNotEmpty() @MaxLength(60) many?: string;
  @Trimmed() @IsString() @IsNotEmpty() @MaxLength(60) other: string;
}

export class UnitNamesDto {
  @ValidateNested() @IsNotEmpty() @Type(() => PluralFormsDto) pl: PluralFormsDto;
  @ValidateNested() @IsNotEmpty() @Type(() => PluralFormsDto) 'pt-BR': PluralFormsDto;
  @ValidateNested() @IsNotEmpty() @Type(() => PluralFormsDto) en: PluralFormsDto;
}

/** `num / den` minor units of a currency for one whole unit. */
export class UnitWorthDto {
  @IsInt() @Min(1) @Max(MAX_AMOUNT_MINOR) num: number;
  @IsInt() @Min(1) @Max(MAX_AMOUNT_MINOR) den: number;
  @IsUnitCode() currency: string;
}

export class DefineUnitDto {
  @IsUnitCode() code: string;
  @IsInt() @Min(0) @Max(MAX_UNIT_DIGITS) digits: number;
  @ValidateNested() @IsNotEmpty() @Type(() => UnitNamesDto) names: UnitNamesDto;
  @IsOptional() @ValidateNested() @Type(() => UnitWorthDto) worth?: UnitWorthDto | null;
}

export class ChangeUnitDto {
  @MayBeAbsent() @IsInt() @Min(0) @Max(MAX_UNIT_DIGITS) digits?: number;
  @MayBeAbsent() @ValidateNested() @IsNotEmpty() @Type(() => UnitNamesDto) names?: UnitNamesDto;
  /** Null for a unit that is worth no money any more. */
  @IsOptional() @ValidateNested() @Type(() => UnitWorthDto) worth?: UnitWorthDto | null;
}
