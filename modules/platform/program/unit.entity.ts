import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Currency } from '../../kernel/money';
import { minorUnits } from '../../kernel/money';
import { ISO_4217_CODES, UNIT_CODE } from '../../kernel/units';
import type { UnitNames } from '../../kernel/units';

/** A unit of the program's own, such as points. The currencies of ISO 4217 need no row. */
@Entity({ schema: 'partner_program', name: 'unit' })
@Check('unit_code_form', `code ~ '${UNIT_CODE.source}'`)
@Check('unit_code_free', `code !~ '^(${ISO_4217_CODES.join('|')})$'`)
@Check('unit_digits_known', 'digits between 0 and 4')
@Check('unit_money_code', `not is_money or code ~ '^[A-Z]{3}$'`)
@Check(
  'unit_names_in_every_language',
  `names @? '$."pl"."other"' and names @? '$."pt-BR"."other"' and names @? '$."en"."other"'`,
)
@Check(
  'unit_worth_whole',
  `num_nulls(worth_num, worth_den, worth_currency) in (0, 3) and not (is_money and worth_num is not null)
   and coalesce(worth_num > 0 and worth_den > 0, true)`,
)
export class UnitRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'unit_pkey' }) code: Currency;
  @Column('integer') digits: number;
  @Column('boolean', { name: 'is_money', default: false }) isMoney: boolean;
  @Column('jsonb') names: UnitNames;
  /** `worth_num / worth_den` minor units of a currency for one whole unit. */
  @Column('bigint', { name: 'worth_num', nullable: true, transformer: minorUnits }) worthNum: number | null;
  @Column('bigint', { name: 'worth_den', nullable: true, transformer: minorUnits }) worthDen: number | null;
  @Column('text', { name: 'worth_currency', nullable: true }) worthCurrency: Currency | null;
}
