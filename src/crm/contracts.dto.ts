import { IsInt, IsISO8601, IsOptional, IsUUID, Length, Matches, Max, Min, ValidateIf } from 'class-validator';
import { MAX_AMOUNT_MINOR } from '../../modules';

export class CreateContractDto {
  @Length(1, 100) number: string;
  @IsUUID() clientId: string;
  @IsUUID() sellerId: string;
  @IsInt() @Min(0) @Max(MAX_AMOUNT_MINOR) valueMinor: number;
  @Matches(/^[A-Z][A-Z0-9_]{1,11}$/) currency: string;
  @IsOptional() @Length(1, 200) product?: string | null;
  /** A partner's id or referral code: who referred it. */
  @IsOptional() @Length(1, 100) referredBy?: string | null;
}

export class ChangeContractDto {
  @ValidateIf((_, value) => value !== undefined) @IsInt() @Min(0) @Max(MAX_AMOUNT_MINOR) valueMinor?: number;
  @IsOptional() @Length(1, 200) product?: string | null;
  @IsOptional() @Length(1, 100) referredBy?: string | null;
}

export class ChangeStatusDto {
  @Length(1, 50) status: string;
  /** The share of the base that is given back, where the status reverses; all of it when left out. */
  @IsOptional() @IsInt() @Min(1) @Max(10_000) refundBps?: number | null;
  /** The same as an amount of the value; never beside `refundBps`. */
  @IsOptional() @IsInt() @Min(1) @Max(MAX_AMOUNT_MINOR) refundMinor?: number | null;
  /** When it happened, where that was before now. */
  @IsOptional() @IsISO8601({ strict: true }) occurredAt?: string | null;
}
