import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { minorUnits } from '../../kernel/money';
import type { Currency } from '../../kernel/money';
import type { PayoutTarget } from '../payout-accounts/account-number';

export const WITHDRAWAL_STATUSES = ['pending', 'paid', 'rejected', 'cancelled'] as const;
export type WithdrawalStatus = (typeof WITHDRAWAL_STATUSES)[number];

/** A partner's request for money. Settled once, then final; at every commit the ledger agrees with it. @see P16 P17 */
@Entity({ schema: 'partner_program', name: 'withdrawal' })
@Index('withdrawal_one_open_per_partner', ['partnerId'], { unique: true, where: `status = 'pending'` })
@Index('withdrawal_by_time', ['requestedAt', 'id'])
@Index('withdrawal_by_status', ['status', 'requestedAt', 'id'])
@Index('withdrawal_reference', { synchronize: false })
@Index('withdrawal_by_partner', ['partnerId', 'requestedAt', 'id'])
@Check('withdrawal_amount', 'amount_minor between 1 and 1000000000000')
@Check('withdrawal_status_known', `status in ('pending', 'paid', 'rejected', 'cancelled')`)
@Check('withdrawal_note_length', 'length(note) <= 500')
@Check(
  'withdrawal_settled',
  `num_nonnulls(settled_at, settled_by, settled_by_name) = case status when 'pending' then 0 else 3 end`,
)
@Check(
  'withdrawal_rejection_reasoned',
  `(status = 'rejected') = (reason is not null) and length(reason) between 3 and 500`,
)
@Check('withdrawal_reference_of_payment', `reference is null or (status = 'paid' and length(reference) <= 200)`)
export class Withdrawal {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'withdrawal_pkey' }) id: string;
  @ForeignKey('Partner', { name: 'withdrawal_partner_fkey' })
  @Column('uuid', { name: 'partner_id' })
  partnerId: string;
  @Column('bigint', { name: 'amount_minor', transformer: minorUnits }) amountMinor: number;
  @Column('text') currency: Currency;
  @Column('text', { default: 'pending' }) status: WithdrawalStatus;
  @Column('text', { nullable: true }) note: string | null;
  /** Where the partner wanted it paid when asking; a later change of the account redirects nothing. @see F49 */
  @Column('jsonb', { name: 'payout_account', nullable: true }) payoutAccount: PayoutTarget | null;
  @Column({ type: 'timestamptz', name: 'requested_at', precision: 3, default: () => 'partner_program.now_ms()' })
  requestedAt: Date;
  @Column({ type: 'timestamptz', name: 'settled_at', precision: 3, nullable: true }) settledAt: Date | null;
  /** `user:<id>` or `partner:<id>`. */
  @Column('text', { name: 'settled_by', nullable: true }) settledBy: string | null;
  @Column('text', { name: 'settled_by_name', nullable: true }) settledByName: string | null;
  /** Why it was rejected. */
  @Column('text', { nullable: true }) reason: string | null;
  /** What the bank calls the payment. */
  @Column('text', { nullable: true }) reference: string | null;
}
