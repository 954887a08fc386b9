import { applyDecorators } from '@nestjs/common';
import { IsEmail, IsString, Matches, MaxLength } from 'class-validator';

/**
 * Exactly one address of plain characters: no list, no display name, no letter that only looks like another, so that
 * who was invited and who registers can be compared. @see F55
 */
export const IsPlainAddress = (): PropertyDecorator =>
  applyDecorators(IsString(), MaxLength(254), Matches(/^[!-~]+$/), IsEmail({ allow_utf8_local_part: false }));

/** Text of one line, without control characters. */
export const IsLine = (maxLength: number): PropertyDecorator =>
  applyDecorators(IsString(), MaxLength(maxLength), Matches(/^(?!\s*$)[^\p{Cc}\p{Cs}\u2028\u2029]+$/u));
