import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Locale } from '../kernel/locale';
import { minorUnits } from '../kernel/money';
import type { Currency } from '../kernel/money';

/** What a holder of `configure` decides for the whole program: one row. */
@Entity({ schema: 'partner_program', name: 'settings' })
@Check('settings_single_row', 'id')
@Check('settings_minimum_not_negative', 'minimum_withdrawal_minor >= 0')
export class Settings {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'settings_pkey' }) id: boolean;
  @Column('text') currency: Currency;
  @Column('text') locale: Locale;
  /** The least a partner can ask for, in minor units of whatever currency is asked. */
  @Column('bigint', { name: 'minimum_withdrawal_minor', transformer: minorUnits, default: 1000 })
  minimumWithdrawalMinor: number;
  /** Whether terms that ask for acceptance again must be accepted before the next withdrawal. */
  @Column('boolean', { name: 'require_acceptance', default: true }) requireAcceptance: boolean;
}
