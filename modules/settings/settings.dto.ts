import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { LOCALES } from '../kernel/locale';
import type { Locale } from '../kernel/locale';
import { MAX_AMOUNT_MINOR } from '../kernel/money';
import { MayBeAbsent } from '../web/field-rules';

export class ChangeSettingsDto {
  @MayBeAbsent() @Matches(/^[A-Z]{3}$/) currency?: string;
  @MayBeAbsent() @IsIn(LOCALES) locale?: Locale;
  @MayBeAbsent() @IsInt() @Min(0) @Max(MAX_AMOUNT_MINOR) minimumWithdrawalMinor?: number;
  @MayBeAbsent() @IsBoolean() requireAcceptance?: boolean;
}

export class StatusActionDto {
  @IsString() @IsNotEmpty() @MaxLength(100) status: string;
  @IsIn(['none', 'accrue', 'reverse']) action: 'none' | 'accrue' | 'reverse';
}
