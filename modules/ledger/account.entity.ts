import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { minorUnits } from '../kernel/money';
import type { Currency } from '../kernel/money';

/**
 * One balance: a partner's `available`, `pending` or `held` money in one currency, or one of the program's own
 * accounts, which cache no balance and are summed when asked.
 */
@Entity({ schema: 'partner_program', name: 'account' })
@Unique('account_key', ['holder', 'kind', 'currency'])
@Unique('account_currency_key', ['id', 'currency'])
@Check(
  'account_kind_known',
  `case when partner_id is null then kind in ('commissions', 'payouts', 'adjustments') else kind in ('available', 'pending', 'held') end`,
)
@Check('account_currency_form', `currency ~ '^[A-Z][A-Z0-9_]{1,11}$'`)
@Check(
  'account_cached_balance',
  `(balance_minor is null) = (partner_id is null) and (version is null) = (partner_id is null)`,
)
export class Account {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'account_pkey' }) id: string;
  @ForeignKey('Partner', { name: 'account_partner_fkey' })
  @Column('uuid', { name: 'partner_id', nullable: true })
  partnerId: string | null;
  /** The partner, or the nil UUID for the program: what makes (holder, kind, currency) unique. */
  @Column({
    type: 'uuid',
    asExpression: `coalesce(partner_id, '00000000-0000-0000-0000-000000000000'::uuid)`,
    generatedType: 'STORED',
    nullable: true,
  })
  holder: string;
  @Column('text') kind: 'available' | 'pending' | 'held' | 'commissions' | 'payouts' | 'adjustments';
  @Column('text') currency: Currency;
  @Column('bigint', { name: 'balance_minor', nullable: true, transformer: minorUnits }) balanceMinor: number | null;
  /** The number of entries so far; each entry carries the version it made. */
  @Column('bigint', { nullable: true, transformer: minorUnits }) version: number | null;
}
