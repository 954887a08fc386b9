import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsDate, Matches, ValidateIf } from 'class-validator';
import { startOfDay } from '../../../kernel/day';
import { tidyText } from '../../../kernel/tidy-text';
import { UNIT_CODE } from '../../../kernel/units';

/** Blanks around a text are no part of it, so that ten of them are neither a reason nor a name. */
export const Trimmed = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** A name that rules compare: composed letters, single blanks, none at the ends. */
export const TidyName = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (tidyText(value) ?? '') : value));

/** A list of such names. */
export const TidyNames = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    Array.isArray(value)
      ? value.map((name: unknown) => (typeof name === 'string' ? (tidyText(name) ?? '') : name))
      : value,
  );

/** May be left out, but not emptied: unlike IsOptional it lets no null through. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** The form of a unit's code; whether there is such a unit, the service says (CURRENCY_UNKNOWN). */
export const IsUnitCode = (): PropertyDecorator => Matches(UNIT_CODE);

const MOMENT = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A moment or a day as ISO 8601 writes them, and of the calendar: 30 February is refused instead of becoming 2 March,
 * and a number is no year.
 */
export const IsMoment = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (value == null ? value : momentOf(value))),
    IsDate(),
  );

/** @returns an invalid date for what is none */
function momentOf(value: unknown): Date {
  const [, day] = (typeof value === 'string' && MOMENT.exec(value)) || [];
  const isDay = day !== undefined && startOfDay(day, 'UTC') !== undefined;
  return new Date(isDay ? (value as string) : NaN);
}
