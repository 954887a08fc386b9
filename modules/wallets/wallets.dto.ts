import { Type } from 'class-transformer';
import {
  IsDate,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  NotEquals,
} from 'class-validator';
import { MAX_AMOUNT_MINOR } from '../kernel/money';

export const ENTRY_KINDS = ['commission', 'reversal', 'release', 'adjustment', 'hold', 'holdReturn', 'payout'] as const;

/** Everything arrives as text in a query string, hence the conversions. */
export class EntriesQueryDto {
  @IsOptional() @IsIn(ENTRY_KINDS) kind?: string;
  @IsOptional() @IsIn(['available', 'pending', 'held']) account?: 'available' | 'pending' | 'held';
  @IsOptional() @Matches(/^[A-Z]{3}$/) currency?: string;
  @IsOptional() @Type(() => Date) @IsDate() from?: Date;
  @IsOptional() @Type(() => Date) @IsDate() to?: Date;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(2_000) cursor?: string;
}

export class AdjustmentDto {
  /** Minor units; positive adds, negative deducts. */
  @IsInt() @NotEquals(0) @Min(-MAX_AMOUNT_MINOR) @Max(MAX_AMOUNT_MINOR) amountMinor: number;
  @Matches(/^[A-Z]{3}$/) currency: string;
  @IsString() @Length(10, 500) reason: string;
}
