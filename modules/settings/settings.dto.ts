import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { LOCALES } from '../kernel/locale';
import type { Locale } from '../kernel/locale';
import { MAX_AMOUNT_MINOR } from '../kernel/money';

export class ChangeSettingsDto {
  @IsOptional() @Matches(/^[A-Z]{3}$/) currency?: string;
  @IsOptional() @IsIn(LOCALES) locale?: Locale;
  @IsOptional() @IsInt() @Min(0) @Max(MAX_AMOUNT_MINOR) minimumWithdrawalMinor?: number;
  @IsOptional() @IsBoolean() requireAcceptance?: boolean;
}

export class StatusActionDto {
  @IsString() @IsNotEmpty() @MaxLength(100) status: string;
  @IsIn(['none', 'accrue', 'reverse']) action: 'none' | 'accrue' | 'reverse';
}
