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
import { IsMoment, Trimmed } from '../web/field-rules';
import { SCOPES, type Scope } from '../web/scopes';

export class MakeApiKeyDto {
  @Trimmed() @IsString() @IsNotEmpty() @MaxLength(100) name: string;
  @IsArray() @ArrayNotEmpty() @ArrayMaxSize(SCOPES.length) @ArrayUnique() @IsIn(SCOPES, { each: true }) scopes: Scope[];
  /** Not included; without it the key is good until somebody revokes it. */
  @IsOptional() @IsMoment() expiresAt?: Date;
}
