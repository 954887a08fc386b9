import { Transform, Type } from 'class-transformer';
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
import { MAX_AMOUNT_MINOR } from '../../kernel/money';
import type { PartnerAccount } from '../../ledger/posting';
import { IsMoment, IsUnitCode, Trimmed } from '../../platform/web/request/field-rules';
import type { AdjustmentOperation } from './adjustment-amount';

export const ENTRY_KINDS = ['commission', 'reversal', 'release', 'adjustment', 'hold', 'holdReturn', 'payout'] as const;

/** The form fields of a period: from the first to the last of these days, both included. */
export const PERIOD = { from: 'fromDay', to: 'untilDay' } as const;

/** Everything arrives as text in a query string, hence the conversions. */
export class EntriesQueryDto {
  @IsOptional() @IsIn(ENTRY_KINDS) kind?: string;
  @IsOptional() @IsIn(['own', 'network']) source?: 'own' | 'network';
  /** `pending` is the former name of `maturing`. */
  @Transform(({ value }: { value: unknown }) => (value === 'pending' ? 'maturing' : value))
  @IsOptional()
  @IsIn(['available', 'maturing', 'held', 'pending'])
  account?: PartnerAccount;
  @IsOptional() @IsUnitCode() currency?: string;
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
  @IsUnitCode() currency: string;
  @Trimmed() @IsString() @Length(10, 500) reason: string;
  /** The versions of the wallets that the form showed: `PLN:12 EUR:3`; what `If-Match` is for other clients. */
  @IsOptional() @Matches(/^([A-Z][A-Z0-9_]{1,11}:\d{1,15} ?)*$/) seen?: string;
}
