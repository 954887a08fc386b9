import { Type } from 'class-transformer';
import {
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
  ValidateIf,
} from 'class-validator';
import { MAX_AMOUNT_MINOR } from '../kernel/money';
import { IsMoment, Trimmed } from '../web/field-rules';
import type { AdjustmentOperation } from './adjustment-amount';

export const ENTRY_KINDS = ['commission', 'reversal', 'release', 'adjustment', 'hold', 'holdReturn', 'payout'] as const;

/** Everything arrives as text in a query string, hence the conversions. */
export class EntriesQueryDto {
  @IsOptional() @IsIn(ENTRY_KINDS) kind?: string;
  @IsOptional() @IsIn(['own', 'network']) source?: 'own' | 'network';
  @IsOptional() @IsIn(['available', 'pending', 'held']) account?: 'available' | 'pending' | 'held';
  @IsOptional() @Matches(/^[A-Z]{3}$/) currency?: string;
  @IsOptional() @IsMoment() from?: Date;
  @IsOptional() @IsMoment() to?: Date;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(2_000) cursor?: string;
}

export class AdjustmentDto {
  /** Minor units; positive adds, negative deducts. With an operation: how much to add or deduct, or the new balance. */
  @ValidateIf(({ operation, amountMinor }: AdjustmentDto) => operation !== 'set' || amountMinor !== 0)
  @IsInt()
  @NotEquals(0)
  @Min(-MAX_AMOUNT_MINOR)
  @Max(MAX_AMOUNT_MINOR)
  amountMinor: number;
  @IsOptional() @IsIn(['credit', 'debit', 'set']) operation?: AdjustmentOperation;
  @Matches(/^[A-Z]{3}$/) currency: string;
  @Trimmed() @IsString() @Length(10, 500) reason: string;
  /** The versions of the wallets that the form showed: `PLN:12 EUR:3`; what `If-Match` is for other clients. */
  @IsOptional() @Matches(/^([A-Z]{3}:\d{1,15} ?)*$/) seen?: string;
}
