import { isoUnit } from '../../../modules';

/**
 * An amount as a person types it, `1 234,50` or `1234.50`.
 * @returns minor units, or NaN when it cannot be read exactly
 */
export function typedAmount(text: string, digits: number): number {
  const match = /^(\d{1,13})(?:[.,](\d+))?$/.exec(text.replace(/[\s\u00a0\u202f]/g, ''));
  const decimals = match?.[2] ?? '';
  return match && decimals.length <= digits ? Number(`${match[1]}${decimals.padEnd(digits, '0')}`) : Number.NaN;
}

/**
 * The JSON body that a form means, so that pages and programs go through the same checks: an empty field is null
 * (an empty password: none), amounts become minor units, percents basis points, and choices booleans.
 *
 * @param fields `value` with `currency`, or with `valueCurrency` where the currency itself is not asked;
 *               `refundPercent`; `active`; `position`; `permissions[]`
 */
export function bodyOfForm(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { value, valueCurrency, refundPercent, active, position, password, ...rest } = fields;
  const body: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest).map(([name, field]) => [name, Array.isArray(field) ? field.filter(Boolean) : field || null]),
  );
  if (password) body.password = password;
  if (typeof value === 'string') {
    const currency = valueCurrency ?? rest.currency;
    const unit = typeof currency === 'string' ? isoUnit(currency) : undefined;
    body.valueMinor = unit ? typedAmount(value, unit.digits) : Number.NaN;
  }
  if (typeof refundPercent === 'string' && refundPercent) body.refundBps = typedAmount(refundPercent, 2);
  if (typeof position === 'string') body.position = typedAmount(position, 0);
  if (typeof active === 'string') body.active = active === 'true';
  return body;
}
