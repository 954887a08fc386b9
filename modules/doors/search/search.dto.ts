import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Trimmed } from '../../platform/web/request/field-rules';

export class SearchQueryDto {
  /** A part of a name, an address or a contract's number, the beginning of a payment's reference, or the id of a request. */
  @IsOptional() @Trimmed() @IsString() @MaxLength(100) q?: string;
}
