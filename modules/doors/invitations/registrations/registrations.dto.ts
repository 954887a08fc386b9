import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { IsLine, IsPersonName, IsPlainAddress } from '../fields.dto';

/** Strength is judged where passwords are kept; here only that it is one text of a bearable length. */
const MAX_PASSWORD = 1_000;

/** Who, where and under whom stands in the invitation: a body cannot say otherwise. @see F55 F56 */
export class AcceptInvitationDto {
  @IsString() @MaxLength(MAX_PASSWORD) password: string;
  @IsUUID() termsVersionId: string;
  @IsOptional() @IsPersonName(100) firstName?: string;
  @IsOptional() @IsPersonName(100) lastName?: string;
  @IsOptional() @IsLine(40) phone?: string;
}

export class RegisterDto {
  @IsPlainAddress() email: string;
  @IsPersonName(100) firstName: string;
  @IsPersonName(100) lastName: string;
  @IsOptional() @IsLine(40) phone?: string;
  @IsString() @MaxLength(MAX_PASSWORD) password: string;
  @IsUUID() termsVersionId: string;
}
