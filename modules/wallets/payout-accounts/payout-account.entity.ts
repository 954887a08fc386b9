import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PixKind } from './account-number';

/** Where a partner wants to be paid: one account a partner. */
@Entity({ schema: 'partner_program', name: 'payout_account' })
@Check('payout_account_kind_known', `kind in ('iban', 'pix')`)
@Check(
  'payout_account_pix_kind',
  `case kind when 'pix' then pix_kind is not null and pix_kind in ('cpf', 'cnpj', 'email', 'phone', 'random') else pix_kind is null end`,
)
export class PayoutAccount {
  @ForeignKey('Partner', { name: 'payout_account_partner_fkey' })
  @PrimaryColumn('uuid', { name: 'partner_id', primaryKeyConstraintName: 'payout_account_pkey' })
  partnerId: string;
  @Column('text') kind: 'iban' | 'pix';
  /** Without spaces and punctuation. */
  @Column('text') value: string;
  @Column('text', { name: 'pix_kind', nullable: true }) pixKind: PixKind | null;
  @Column('text') holder: string;
  @Column({ type: 'timestamptz', name: 'changed_at', precision: 3, default: () => 'partner_program.now_ms()' })
  changedAt: Date;
}
