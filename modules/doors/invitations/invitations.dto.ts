import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsLine, IsPersonName, IsPlainAddress } from './fields.dto';
import { INVITATION_STATUSES } from './invitations.queries';
import type { InvitationStatus } from './invitations.queries';

const MAX_SUBJECT = 200;
const MAX_BODY = 5_000;
/** Letters and line breaks, and not these alone; no other control characters. */
const TEXT = /^(?!\s*$)[^\p{Cs}\0-\x08\x0b\x0c\x0e-\x1f\x7f]*$/u;

export class InviteDto {
  @IsPersonName(100) firstName: string;
  @IsPersonName(100) lastName: string;
  @IsPlainAddress() email: string;
  @IsOptional() @IsLine(40) phone?: string;
  @IsLine(MAX_SUBJECT) subject: string;
  @IsString() @IsNotEmpty() @MaxLength(MAX_BODY) @Matches(TEXT) body: string;
  @IsOptional() @IsBoolean() levelZero?: boolean;
}

export class PreviewDto {
  @IsOptional() @IsString() @MaxLength(100) firstName?: string;
  @IsOptional() @IsString() @MaxLength(MAX_SUBJECT) subject?: string;
  @IsOptional() @IsString() @MaxLength(MAX_BODY) body?: string;
}

export class InvitationsQueryDto {
  @IsOptional() @IsIn(INVITATION_STATUSES) status?: InvitationStatus;
  /** The invitation sent last: the next one is suggested to say the same. */
  @IsOptional() @IsUUID() sent?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(2_000) cursor?: string;
}
