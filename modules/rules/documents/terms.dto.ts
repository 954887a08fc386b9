import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsTimeZone,
  IsUUID,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Trimmed } from '../../platform/web/request/field-rules';

export class UploadTermsDto {
  @Trimmed() @IsString() @IsNotEmpty() @MaxLength(200) title: string;
  @IsOptional() @IsBoolean() requireAcceptance?: boolean;
}

export class AcceptTermsDto {
  @IsUUID() versionId: string;
}

export class AcceptancesQueryDto {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(2_000) cursor?: string;
}

export class ReceiptQueryDto {
  /** Where the reader's clock stands: `Europe/Warsaw`. */
  @IsOptional() @IsString() @MaxLength(64) @IsTimeZone() zone?: string;
}
