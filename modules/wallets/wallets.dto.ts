import { Type } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

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
