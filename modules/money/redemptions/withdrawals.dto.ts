import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
} from 'class-validator';
import { Max, MaxLength, Min } from 'class-validator';
import { MAX_AMOUNT_MINOR } from '../../kernel/money';
import { IsUnitCode, Trimmed } from '../../platform/web/request/field-rules';
import { WITHDRAWAL_STATUSES } from './withdrawal.entity';
import type { WithdrawalStatus } from './withdrawal.entity';

export class RequestWithdrawalDto {
  @IsInt() @Min(1) @Max(MAX_AMOUNT_MINOR) amountMinor: number;
  @IsUnitCode() currency: string;
  @IsOptional() @IsString() @MaxLength(500) note?: string;
}

export class WithdrawalsQueryDto {
  @IsOptional() @IsIn(WITHDRAWAL_STATUSES) status?: WithdrawalStatus;
  /** The oldest first; without it the newest. */
  @IsOptional() @IsIn(['requestedAt']) sort?: 'requestedAt';
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(2_000) cursor?: string;
}

export class PayoutDto {
  @IsOptional() @IsString() @MaxLength(200) reference?: string;
}

export class RejectionDto {
  @Trimmed() @IsString() @Length(3, 500) reason: string;
}

export class PayoutsDto {
  @ArrayMinSize(1) @ArrayMaxSize(100) @IsUUID(undefined, { each: true }) ids: string[];
  @IsOptional() @IsString() @MaxLength(200) reference?: string;
}

export class PaymentFileDto {
  @IsIn(['csv', 'pain001']) format: 'csv' | 'pain001';
  /** Separated by commas; every pending withdrawal where not given. */
  @IsOptional()
  @Transform(({ value }) => String(value).split(','))
  @ArrayMaxSize(1_000)
  @IsUUID(undefined, { each: true })
  ids?: string[];
  /** Takes in what a file held already, where no ids are given. */
  @IsOptional()
  @Transform(({ value }) => value === true || value === 'true' || value === 'on')
  @IsBoolean()
  again?: boolean;
}
