import type { EntityManager } from 'typeorm';
import type { AttributionSource } from '../../kernel/attribution-source';
import type { Locale } from '../../kernel/locale';
import type { Currency } from '../../kernel/money';
import { rows, run } from '../../kernel/query';
import { Units } from '../../kernel/units';
import type { Unit } from '../../kernel/units';
import type { UnitDefinition } from '../../options';

/** The least that can be asked for in one unit. */
export interface Minimum {
  readonly unit: Currency;
  readonly amountMinor: number;
}

/** What holds in the program, with the units it counts in. */
export interface ProgramRules {
  readonly currency: Currency;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly requireAcceptance: boolean;
  readonly requirePayoutAccount: boolean;
  readonly attributionOrder: readonly AttributionSource[];
  /** In the order of their codes; a unit without one has none. */
  readonly minimumWithdrawals: readonly Minimum[];
  readonly units: Units;
}

export const PROGRAM_RULES = {
  name: 'program-rules',
  text: `
    select currency, locale, time_zone, require_acceptance, require_payout_account, attribution_order,
           (select coalesce(jsonb_agg(jsonb_build_object('unit', unit, 'amountMinor', amount_minor) order by unit), '[]')
              from partner_program.minimum_withdrawal) as minimum_withdrawals,
           (select coalesce(jsonb_agg(jsonb_build_object(
                     'code', code, 'digits', digits, 'isMoney', is_money, 'names', names,
                     'worth', case when worth_num is not null then
                       jsonb_build_object('num', worth_num, 'den', worth_den, 'currency', worth_currency) end)
                   order by code), '[]')
              from partner_program.unit) as units
      from partner_program.settings`,
};

/** @returns undefined for a program that has not begun */
export async function programRules(tx: EntityManager): Promise<ProgramRules | undefined> {
  const [row] = await rows<Omit<ProgramRules, 'units'> & { units: Unit[] }>(tx, PROGRAM_RULES);
  return row && { ...row, units: new Units(row.units) };
}

const BEGIN_MINIMUM = {
  name: 'program-begin-minimum',
  text: `
    insert into partner_program.minimum_withdrawal (unit, amount_minor)
    select $1, $2 where not exists (select from partner_program.settings) on conflict (unit) do nothing`,
};
const BEGIN_SETTINGS = {
  name: 'program-begin-settings',
  text: `
    insert into partner_program.settings (currency, locale, time_zone) values ($1, $2, $3) on conflict (id) do nothing`,
};

/**
 * Writes what a program begins with; one that has begun keeps what holds in it. The minimum comes first: what is written
 * before there are settings is no change of them, and the audit log says nothing of it.
 */
export async function beginProgram(
  tx: EntityManager,
  { currency, locale, timeZone }: Pick<ProgramRules, 'currency' | 'locale' | 'timeZone'>,
  minimumMinor: number,
): Promise<void> {
  await run(tx, BEGIN_MINIMUM, [currency, minimumMinor]);
  await run(tx, BEGIN_SETTINGS, [currency, locale, timeZone]);
}

const DEFINE = {
  name: 'program-define-unit',
  text: `
    insert into partner_program.unit (code, digits, is_money, names, worth_num, worth_den, worth_currency)
    select $1, $2, $3, $4, $5, $6, $7 from (select set_config('partner_program.actor', '{"ref": "program"}', true)) as signed
    on conflict (code) do nothing`,
};

/** Writes a unit down in the program's own name; one that is there stays as it is. */
export async function defineUnit(
  tx: EntityManager,
  { code, digits, isMoney = false, names, worth }: UnitDefinition,
): Promise<void> {
  const { num = null, den = null, currency = null } = worth ?? {};
  await run(tx, DEFINE, [code, digits, isMoney, JSON.stringify(names), num, den, currency]);
}
