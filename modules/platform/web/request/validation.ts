import { type ArgumentMetadata, type PipeTransform, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { Refusal } from '../../../kernel/refusal';
import { isFromForm } from './form-bodies';
import { findUnfit, findUnfitDate } from './unfit-values';

/** A field that cannot be taken, before its message is put into the person's language. */
export interface Violation {
  readonly field: string;
  /** The broken rule: `IS_INT`, `MIN`, `MAX_LENGTH`. */
  readonly code: string;
  /** `limit` and `upperLimit` of the rules that have them. */
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Checks what comes in on our routes; broken rules become INVALID_INPUT. A field that nobody knows is refused in a JSON
 * body and dropped everywhere else: forms and addresses carry more than their fields. @see F72
 */
export function programValidation(): PipeTransform {
  const [strict, lenient] = [true, false].map(
    (forbidNonWhitelisted) =>
      new ValidationPipe({
        whitelist: true,
        forbidNonWhitelisted,
        transform: true,
        validationError: { target: true },
        exceptionFactory: (errors) => new Refusal('INVALID_INPUT', { errors: violationsOf(errors) }),
      }),
  ) as [ValidationPipe, ValidationPipe];
  return {
    async transform(value: unknown, metadata: ArgumentMetadata) {
      refuseUnfit(value, metadata);
      const isJson = metadata.type === 'body' && !isFromForm(value);
      const fields: unknown = await (isJson ? strict : lenient).transform(value, metadata);
      const field = findUnfitDate(fields);
      if (field !== undefined) throw new Refusal('INVALID_INPUT', { errors: [{ field, code: 'IS_DATE', params: {} }] });
      return fields;
    },
  };
}

/** @throws Refusal INVALID_INPUT; NOT_FOUND for a part of the path, which then names nothing we have */
export function refuseUnfit(value: unknown, { type, metatype }: ArgumentMetadata): void {
  if (type === 'custom') return;
  const unfit = findUnfit(value);
  if (unfit && type === 'param') throw new Refusal('NOT_FOUND');
  if (unfit) throw new Refusal('INVALID_INPUT', { errors: [{ ...unfit, params: {} }] });
  if (Array.isArray(value) && metatype !== undefined && metatype !== Array)
    throw new Refusal('INVALID_INPUT', { errors: [] });
}

export function violationsOf(errors: readonly ValidationError[], path = ''): Violation[] {
  return errors.flatMap((error) => {
    const field = `${path}${error.property}`;
    const rule = firstBroken(Object.keys(error.constraints ?? {}));
    const own = rule === undefined ? [] : [{ field, code: codeFor(rule), params: limitsOf(error, rule) }];
    return [...own, ...violationsOf(error.children ?? [], `${field}.`)];
  });
}

/** One rule a field is enough, and the plainest first: whether it is there, then its kind, then its limits. */
function firstBroken(rules: readonly string[]): string | undefined {
  return (
    rules.find((rule) => rule === 'isNotEmpty' || rule === 'isDefined') ??
    rules.find((rule) => rule.startsWith('is')) ??
    rules[0]
  );
}

function codeFor(rule: string): string {
  if (rule === 'whitelistValidation') return 'UNKNOWN_FIELD';
  return rule.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

/** The numbers a rule was declared with; class-validator's own messages hold them in English only. */
function limitsOf({ target, property }: ValidationError, rule: string): Record<string, unknown> {
  if (!target) return {};
  const declared = getMetadataStorage()
    .getTargetValidationMetadatas(target.constructor, '', false, false)
    .find(({ propertyName, name, type }) => propertyName === property && (name ?? type) === rule);
  const [limit, upperLimit] = (declared?.constraints ?? []) as unknown[];
  return { limit, upperLimit };
}
