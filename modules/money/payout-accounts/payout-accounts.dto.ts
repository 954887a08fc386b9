import { IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { Trimmed } from '../../platform/web/request/field-rules';
import { PIX_KINDS } from './account-number';
import type { PixKind } from './account-number';

export class PayoutAccountDto {
  @IsIn(['iban', 'pix']) kind: 'iban' | 'pix';
  @IsString() @IsNotEmpty() @MaxLength(100) value: string;
  @Trimmed() @IsString() @IsNotEmpty() @MaxLength(140) holder: string;
  /** What a PIX key is; not for an IBAN. */
  @IsOptional() @IsIn(PIX_KINDS) pixKind?: PixKind;
  /** Asked again of partners who log in here; a CRM user's password is the CRM's affair. */
  @IsOptional() @IsString() @MaxLength(1_000) password?: string;
}
