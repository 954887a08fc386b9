import { Type } from 'class-transformer';
import {
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Trimmed } from '../../platform/web/request/field-rules';

export class ReferClientDto {
  @Trimmed() @IsString() @Length(2, 200) name: string;
  /** One of e-mail and phone at least. */
  @Trimmed() @IsOptional() @IsEmail() @MaxLength(254) email?: string | null;
  @Trimmed() @IsOptional() @Matches(/^[+0-9][0-9 ()./-]{4,39}$/) phone?: string | null;
  @Trimmed() @IsOptional() @Matches(/^[A-Za-z0-9][A-Za-z0-9 ./-]{4,29}$/) taxId?: string | null;
  @Trimmed() @IsOptional() @IsString() @MaxLength(1_000) note?: string | null;
}

export class ApproveLinkDto {
  /** The host's id of the client whom the referral is about. */
  @Trimmed() @IsString() @IsNotEmpty() @MaxLength(100) clientId: string;
}

export class LinkReasonDto {
  @Trimmed() @IsString() @Length(3, 500) reason: string;
}

/** Everything arrives as text in a query string, hence the conversions. */
export class ClientLinksQueryDto {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(2_000) cursor?: string;
}

export class ReviewsQueryDto extends ClientLinksQueryDto {
  @IsOptional() @IsIn(['clientLink', 'running']) kind?: 'clientLink' | 'running';
}
