import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsDate,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';
import { SCOPES, type Scope } from '../web/scopes';

export class MakeApiKeyDto {
  @IsString() @IsNotEmpty() @MaxLength(100) name: string;
  @IsArray() @ArrayNotEmpty() @ArrayMaxSize(SCOPES.length) @ArrayUnique() @IsIn(SCOPES, { each: true }) scopes: Scope[];
  /** Not included; without it the key is good until somebody revokes it. */
  @IsOptional() @Type(() => Date) @IsDate() expiresAt?: Date;
}
