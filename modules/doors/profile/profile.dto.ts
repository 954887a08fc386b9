import { IsBoolean, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { LOCALES } from '../../kernel/locale';
import type { Locale } from '../../kernel/locale';

/** Text of one line, without control characters. */
const LINE = /^(?!\s*$)[^\p{Cc}\p{Cs}\u2028\u2029]+$/u;

export class ContactDto {
  @IsString() @MaxLength(100) @Matches(LINE) firstName: string;
  @IsString() @MaxLength(100) @Matches(LINE) lastName: string;
  @IsOptional() @IsString() @MaxLength(40) @Matches(LINE) phone?: string;
  @IsIn(LOCALES) locale: Locale;
}

export class LeaveDto {
  /** Asked of partners who log in here. */
  @IsOptional() @IsString() @MaxLength(1_000) password?: string;
  /** Whether what is available in the wallet is given up. */
  @IsOptional() @IsBoolean() forfeit?: boolean;
}
