import { domainToASCII } from 'node:url';
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsEmail, IsString, Matches, MaxLength } from 'class-validator';

/**
 * Exactly one address of plain characters: no list, no display name, no letter that only looks like another, so that
 * who was invited and who registers can be compared. Blanks around it are no part of it, and a domain with letters of its
 * own is the one that mail servers know. @see F55
 */
export const IsPlainAddress = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? plainAddress(value) : value)),
    IsString(),
    MaxLength(254),
    Matches(/^[!-~]+$/),
    IsEmail({ allow_utf8_local_part: false }),
  );

function plainAddress(text: string): string {
  const address = text.replaceAll(/^[ \u00a0]+|[ \u00a0]+$/g, '');
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1).normalize('NFC');
  const isForeign = at > 0 && domain.split('.').some((label) => !/^[!-~]*$/.test(label));
  return isForeign && domain.split('.').every(isOfOneScript)
    ? address.slice(0, at + 1) + domainToASCII(domain)
    : address;
}

/** A label that mixes alphabets, or is of letters that stand for others, is made to look like another one. */
function isOfOneScript(label: string): boolean {
  return label.normalize('NFKC') === label && ONE_SCRIPT.test(label);
}

const ONE_SCRIPT = /^[\d\p{Script=Latin}-]+$|^[\d\p{Script=Cyrillic}-]+$|^[\d\p{Script=Greek}-]+$/u;

/** Text of one line with something to see in it: no control, no hidden and no turning character. */
export const IsLine = (maxLength: number): PropertyDecorator =>
  applyDecorators(IsString(), MaxLength(maxLength), Matches(LINE));

const LINE =
  /^(?=.*[^\s\p{Cf}\u115f\u1160\u2800\u3164\uffa0])[^\p{Cc}\p{Cs}\u2028\u2029\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+$/u;

/**
 * What a person is called: a line that is neither an address nor a link, because it stands in mails to others. @see F55
 */
export const IsPersonName = (maxLength: number): PropertyDecorator =>
  applyDecorators(IsLine(maxLength), Matches(/^(?!.*(?::\/\/|\bwww\.|@|[\p{L}\d-]\.[\p{L}]{2,}(?:[/\s]|$)))/iu));
