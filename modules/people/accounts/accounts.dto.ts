import { IsEmail, IsString, Matches, MaxLength } from 'class-validator';

/** Longer ones are refused by the rules for passwords; this much is looked at. */
const PASSWORD_TEXT = 1_024;
/** One address of plain characters: a letter that only looks like another is none of them. @see F55 */
const PLAIN = /^[!-~]+$/;
const EMAIL_LENGTH = 254;
/** What somebody typed for an address, which is only looked for: anything of one line. */
const LINE = /^\P{Cc}*$/u;

export class LogInDto {
  @IsString() @MaxLength(EMAIL_LENGTH) @Matches(LINE) email: string;
  @IsString() @MaxLength(PASSWORD_TEXT) password: string;
}

export class RequestResetDto {
  @IsString() @MaxLength(EMAIL_LENGTH) @Matches(LINE) email: string;
}

export class RequestConfirmationDto {
  @IsString() @MaxLength(EMAIL_LENGTH) @Matches(LINE) email: string;
}

export class ResetPasswordDto {
  @IsString() @MaxLength(PASSWORD_TEXT) password: string;
}

export class ChangePasswordDto {
  @IsString() @MaxLength(PASSWORD_TEXT) currentPassword: string;
  @IsString() @MaxLength(PASSWORD_TEXT) newPassword: string;
}

export class ChangeEmailDto {
  @IsString()
  @MaxLength(EMAIL_LENGTH)
  @Matches(PLAIN)
  @IsEmail({ allow_utf8_local_part: false })
  email: string;
  @IsString() @MaxLength(PASSWORD_TEXT) password: string;
}
