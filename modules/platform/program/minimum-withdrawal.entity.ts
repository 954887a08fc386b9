import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { minorUnits } from '../../kernel/money';
import type { Currency } from '../../kernel/money';
import { UNIT_CODE } from '../../kernel/units';

/** The least that can be asked for in one unit; a unit without a row has no minimum. */
@Entity({ schema: 'partner_program', name: 'minimum_withdrawal' })
@Check('minimum_withdrawal_unit_form', `unit ~ '${UNIT_CODE.source}'`)
@Check('minimum_withdrawal_positive', 'amount_minor > 0')
export class MinimumWithdrawal {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'minimum_withdrawal_pkey' }) unit: Currency;
  @Column('bigint', { name: 'amount_minor', transformer: minorUnits }) amountMinor: number;
}
