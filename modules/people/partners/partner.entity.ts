import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { LOCALE_KNOWN } from '../../kernel/locale';
import type { Locale } from '../../kernel/locale';
import { Holder } from '../../ledger/holder.entity';

/** A member of the program. Where one stood at an earlier moment is in `placement`; here is where one stands now. */
@Entity({ schema: 'partner_program', name: 'partner' })
@Unique('partner_seq_key', ['seq'])
@Unique('partner_user_key', ['userId'])
@Unique('partner_referral_code_key', ['referralCode'])
@Unique('partner_client_key', ['clientId'])
@Index('partner_email_key', { synchronize: false })
@Index('partner_address', { synchronize: false })
@Index('partner_sponsor', ['sponsorId', 'joinedAt', 'id'])
@Index('partner_joined', ['joinedAt', 'id'])
@Index('partner_name', { synchronize: false })
@Index('partner_search', { synchronize: false })
@Index('partner_left', ['id'], { where: `status = 'left'` })
@Index('partner_awaiting', ['id'], { where: `status = 'awaitingApproval'` })
@Index('partner_to_erase', ['leftAt'], { where: `status = 'left' and erased_at is null` })
@Index('partner_unconfirmed', ['joinedAt'], {
  where: `email_confirmed_at is null and user_id is null and status <> 'left'`,
})
@Check('partner_status_known', `status in ('active', 'awaitingApproval', 'left')`)
@Check('partner_locale_known', LOCALE_KNOWN)
@Check('partner_not_own_sponsor', 'sponsor_id <> id')
@Check('partner_linked_to_user', 'linked_at is null or user_id is not null')
@Check('partner_left_since', `(status = 'left') = (left_at is not null)`)
@Check(
  'partner_erased_is_nobody',
  `erased_at is null or (status = 'left' and first_name = '' and last_name = '' and email = '' and phone is null
   and locale is null and client_id is null)`,
)
export class Partner {
  @ForeignKey(() => Holder, { name: 'partner_holder_fkey' })
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'partner_pkey' })
  id: string;
  /** A short number for paths; given by the database. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS', insert: false, update: false })
  seq: string;
  /** The host's id of a CRM user; null for a partner without a CRM account. */
  @Column('text', { name: 'user_id', nullable: true }) userId: string | null;
  @Column('text', { name: 'first_name' }) firstName: string;
  @Column('text', { name: 'last_name' }) lastName: string;
  @Column('text') email: string;
  @Column('text', { nullable: true }) phone: string | null;
  @Column('text', { nullable: true }) locale: Locale | null;
  @Column('text', { default: 'active' }) status: 'active' | 'awaitingApproval' | 'left';
  @ForeignKey(() => Partner, { name: 'partner_sponsor_fkey' })
  @Column('uuid', { name: 'sponsor_id', nullable: true })
  sponsorId: string | null;
  @Column('text', { name: 'referral_code' }) referralCode: string;
  @Column({ type: 'timestamptz', name: 'email_confirmed_at', precision: 3, nullable: true })
  emailConfirmedAt: Date | null;
  @Column({ type: 'timestamptz', name: 'joined_at', precision: 3 }) joinedAt: Date;
  /** Since when the CRM user is this partner, where the account is older than that; null where joining made it. */
  @Column({ type: 'timestamptz', name: 'linked_at', precision: 3, nullable: true }) linkedAt: Date | null;
  /** The host's id of the client that this partner is too, where somebody said so; else a confirmed address tells. */
  @Column('text', { name: 'client_id', nullable: true }) clientId: string | null;
  /** Since when it is a former partner. */
  @Column({ type: 'timestamptz', name: 'left_at', precision: 3, nullable: true }) leftAt: Date | null;
  /** Since when nothing here tells who it was: the name and the address are empty. */
  @Column({ type: 'timestamptz', name: 'erased_at', precision: 3, nullable: true }) erasedAt: Date | null;
}
