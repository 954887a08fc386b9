import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';
import { SCOPES, type Scope } from '../web/access/scopes';
import { IsMoment, Trimmed } from '../web/request/field-rules';

export class MakeApiKeyDto {
  @Trimmed() @IsString() @IsNotEmpty() @MaxLength(100) name: string;
  @IsArray() @ArrayNotEmpty() @ArrayMaxSize(SCOPES.length) @ArrayUnique() @IsIn(SCOPES, { each: true }) scopes: Scope[];
  /** Not included; without it the key is good until somebody revokes it. */
  @IsOptional() @IsMoment() expiresAt?: Date;
}
