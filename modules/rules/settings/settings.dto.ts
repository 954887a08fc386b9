import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsString,
  IsTimeZone,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ATTRIBUTION_SOURCES } from '../../kernel/attribution-source';
import type { AttributionSource } from '../../kernel/attribution-source';
import { LOCALES } from '../../kernel/locale';
import type { Locale } from '../../kernel/locale';
import { FULL_BPS, MAX_AMOUNT_MINOR } from '../../kernel/money';
import { IsUnitCode, MayBeAbsent } from '../../platform/web/request/field-rules';

export class ChangeSettingsDto {
  @MayBeAbsent() @IsUnitCode() currency?: string;
  @MayBeAbsent() @IsIn(LOCALES) locale?: Locale;
  @MayBeAbsent() @IsInt() @Min(0) @Max(MAX_AMOUNT_MINOR) minimumWithdrawalMinor?: number;
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => MinimumWithdrawalDto)
  minimumWithdrawals?: MinimumWithdrawalDto[];
  /** An IANA name; newer versions of Node know offsets like +02:00 as well, PostgreSQL reads those the other way round. */
  @MayBeAbsent() @IsString() @MaxLength(100) @IsTimeZone() @Matches(/^[A-Za-z]/) timeZone?: string;
  @MayBeAbsent() @IsBoolean() requireAcceptance?: boolean;
  /** Whether a withdrawal of money needs a payout account. */
  @MayBeAbsent() @IsBoolean() requirePayoutAccount?: boolean;
  /** Where it is looked for who brought a contract, the strongest source first; one that is left out does not count. */
  @MayBeAbsent()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(ATTRIBUTION_SOURCES, { each: true })
  attributionOrder?: AttributionSource[];
}

export class MinimumWithdrawalDto {
  @IsUnitCode() unit: string;
  @IsInt() @Min(0) @Max(MAX_AMOUNT_MINOR) amountMinor: number;
}

export class StatusActionDto {
  @IsString() @IsNotEmpty() @MaxLength(100) status: string;
  @IsIn(['none', 'accrue', 'reverse']) action: 'none' | 'accrue' | 'reverse';
  /** How likely a contract in this status is to come about, in basis points; what is left out stays. */
  @MayBeAbsent() @IsInt() @Min(0) @Max(FULL_BPS) forecastWeightBps?: number;
}
