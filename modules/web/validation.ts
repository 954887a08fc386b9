import { ValidationPipe } from '@nestjs/common';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { Refusal } from '../kernel/refusal';

/** A field that cannot be taken, before its message is put into the person's language. */
export interface Violation {
  readonly field: string;
  /** The broken rule: `IS_INT`, `MIN`, `MAX_LENGTH`. */
  readonly code: string;
  /** `limit` and `upperLimit` of the rules that have them. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** Checks bodies and queries on our routes: unknown fields are dropped, broken rules become INVALID_INPUT. */
export function programValidation(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    transform: true,
    validationError: { target: true },
    exceptionFactory: (errors) => new Refusal('INVALID_INPUT', { errors: violationsOf(errors) }),
  });
}

export function violationsOf(errors: readonly ValidationError[], path = ''): Violation[] {
  return errors.flatMap((error) => {
    const field = `${path}${error.property}`;
    const rule = firstBroken(Object.keys(error.constraints ?? {}));
    const own = rule === undefined ? [] : [{ field, code: upperSnake(rule), params: limitsOf(error, rule) }];
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

function upperSnake(rule: string): string {
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
