import { Transform } from 'class-transformer';
import { IsArray, IsBoolean, IsEmail, IsIn, IsOptional, IsUUID, Length, MaxLength, ValidateIf } from 'class-validator';
import { LOCALES, type Locale } from '../../modules';
import { CRM_PERMISSIONS, type CrmPermission } from './crm.entities';

const Trimmed = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
/** May be left out, but not emptied: unlike IsOptional it does not let null through. */
const MayBeAbsent = () => ValidateIf((_, value) => value !== undefined);

export class CreateUserDto {
  @Trimmed() @IsEmail() @MaxLength(254) email: string;
  @Trimmed() @Length(1, 100) firstName: string;
  @Trimmed() @Length(1, 100) lastName: string;
  @IsOptional() @Length(1, 40) phone?: string | null;
  @Length(8, 200) password: string;
  @IsOptional() @IsUUID() supervisorId?: string | null;
  @IsArray() @IsIn(CRM_PERMISSIONS, { each: true }) permissions: CrmPermission[];
  @IsOptional() @IsEmail() @MaxLength(254) mailbox?: string | null;
  @IsOptional() @IsIn(LOCALES) locale?: Locale | null;
}

export class ChangeUserDto {
  @MayBeAbsent() @Trimmed() @IsEmail() @MaxLength(254) email?: string;
  @MayBeAbsent() @Trimmed() @Length(1, 100) firstName?: string;
  @MayBeAbsent() @Trimmed() @Length(1, 100) lastName?: string;
  @IsOptional() @Length(1, 40) phone?: string | null;
  @MayBeAbsent() @Length(8, 200) password?: string;
  @IsOptional() @IsUUID() supervisorId?: string | null;
  @MayBeAbsent() @IsArray() @IsIn(CRM_PERMISSIONS, { each: true }) permissions?: CrmPermission[];
  @IsOptional() @IsEmail() @MaxLength(254) mailbox?: string | null;
  @IsOptional() @IsIn(LOCALES) locale?: Locale | null;
  @MayBeAbsent() @IsBoolean() active?: boolean;
}
