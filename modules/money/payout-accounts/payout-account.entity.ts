import { Check, Column, Entity, Exclusion, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';
import type { PixKind } from './account-number';

/**
 * Where a partner is paid, and when: the first account counts at once, a changed one after 72 hours. The database sets
 * both times and ends the account before.
 * @see F49
 */
@Entity({ schema: 'partner_program', name: 'payout_account' })
@Check('payout_account_kind_known', `kind in ('iban', 'pix')`)
@Check(
  'payout_account_pix_kind',
  `case kind when 'pix' then pix_kind is not null and pix_kind in ('cpf', 'cnpj', 'email', 'phone', 'random') else pix_kind is null end`,
)
@Check('payout_account_not_empty', 'not isempty(valid)')
@Exclusion('payout_account_one_at_a_time', 'using gist (partner_id with =, valid with &&)')
export class PayoutAccount {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'payout_account_pkey' }) id: string;
  @ForeignKey('Partner', { name: 'payout_account_partner_fkey' })
  @Column('uuid', { name: 'partner_id' })
  partnerId: string;
  @Column('tstzrange') valid: string;
  @Column('text') kind: 'iban' | 'pix';
  /** Without spaces and punctuation. */
  @Column('text') value: string;
  @Column('text', { name: 'pix_kind', nullable: true }) pixKind: PixKind | null;
  @Column('text') holder: string;
  @Column({ type: 'timestamptz', name: 'changed_at', precision: 3, default: () => 'partner_program.now_ms()' })
  changedAt: Date;
}
