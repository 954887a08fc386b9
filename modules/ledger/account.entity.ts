import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { minorUnits } from '../kernel/money';
import type { Currency } from '../kernel/money';
import { UNIT_CODE } from '../kernel/units';
import { Holder } from './holder.entity';
import { AccountKind } from './kinds.entity';
import type { AccountRef } from './posting';

/**
 * One balance: a partner's `available`, `maturing` or `held` money in one currency, or one of the program's own
 * accounts, which keep no balance and are summed when asked.
 */
@Entity({ schema: 'partner_program', name: 'account' })
@Unique('account_key', ['holderId', 'kind', 'currency'])
@Unique('account_currency_key', ['id', 'currency'])
@ForeignKey(() => Holder, ['holderId', 'holderKind'], ['id', 'kind'], { name: 'account_holder_fkey' })
@ForeignKey(() => AccountKind, ['kind', 'holderKind', 'keepsBalance'], ['kind', 'holderKind', 'keepsBalance'], {
  name: 'account_kind_fkey',
})
@Check('account_currency_form', `currency ~ '${UNIT_CODE.source}'`)
@Check(
  'account_cached_balance',
  `(balance_minor is not null) = keeps_balance and (version is not null) = keeps_balance`,
)
export class Account {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'account_pkey' }) id: string;
  @Column('uuid', { name: 'holder_id' }) holderId: string;
  @Column('text', { name: 'holder_kind' }) holderKind: string;
  @Column('text') kind: AccountRef['kind'];
  @Column('boolean', { name: 'keeps_balance' }) keepsBalance: boolean;
  @Column('text') currency: Currency;
  @Column('bigint', { name: 'balance_minor', nullable: true, transformer: minorUnits }) balanceMinor: number | null;
  /** The number of entries so far; each entry carries the version it made. */
  @Column('bigint', { nullable: true, transformer: minorUnits }) version: number | null;
}
